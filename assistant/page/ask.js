// The Ask tab's own behaviour: buttons inside messages, the note panel, scrolling.
// Gradio runs this once, with `trigger` (an event to the server).

const inMessages = "button.cite, button.choice";
let opener = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !button.matches(inMessages)) return;
  if (button.name === "cite") {
    opener = button;
    trigger("click", { value: button.value });
  } else {
    trigger("submit", { kind: button.name, value: button.value });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const close = document.querySelector("#close");
  if (!close) return;
  close.click();
  if (opener && opener.isConnected) opener.focus();
});

function scrollInside(box, target, above) {
  const distance = target.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTo({ top: box.scrollTop + distance - above });
}

// A new question goes to the top of the conversation, so that its answer is read from the beginning.
let asked = 0;
function followQuestions() {
  const questions = document.querySelectorAll("#chat .question");
  if (questions.length > asked) {
    const row = questions[questions.length - 1].closest(".message-row") || questions[questions.length - 1];
    const log = document.querySelector("#chat .panel-wrap");
    if (log) scrollInside(log, row, 12);
  }
  asked = questions.length;
}

// The opened note is scrolled to its highlighted words once they (and the formulas above them) are there.
let shown = null;
function followNote() {
  const note = document.querySelector("#source .opened");
  if (note === shown) return;
  shown = note;
  if (!note) return;
  const scroll = () => {
    const target = note.querySelector("mark");
    const panel = note.closest("#panel");
    if (panel) scrollInside(panel, target || note, panel.clientHeight / 3);
  };
  scroll();
  setTimeout(scroll, 300);
  const title = note.querySelector(".title");
  if (title) title.focus({ preventScroll: true });
}

// Gradio reads a message's markup out loud as its label; its text says it better.
function dropLabels() {
  document.querySelectorAll("#chat [data-testid][aria-label]").forEach((row) => row.removeAttribute("aria-label"));
}

new MutationObserver(() => {
  dropLabels();
  followQuestions();
  followNote();
}).observe(document.body, { childList: true, subtree: true });
