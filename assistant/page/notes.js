// The Notes tab's own behaviour: its buttons, which one is pressed, and the way to a note from anywhere on the page.
// Gradio runs this once, with `trigger` (an event to the server).

const press = (button) => {
  const group = button.closest(".levels, .topics, .listing");
  if (!group) return;
  group.querySelectorAll("[aria-pressed=true]").forEach((other) => other.setAttribute("aria-pressed", "false"));
  button.setAttribute("aria-pressed", "true");
};

const openTab = (id) => document.getElementById(`${id}-button`)?.click();

// The title becomes a draft in the box: what is wanted to know about the note is the learner's to say.
function draft(title) {
  openTab("ask");
  const box = document.querySelector("#box textarea");
  if (!box) return;
  box.value = title;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => {
    box.focus();
    box.select();
  });
}

let opened = null;
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.shelf");
  if (!button) return;
  const { name: kind, value } = button;
  if (kind === "ask") return draft(value);
  if (kind === "list") return document.querySelector("#shelf").classList.remove("reads");
  if (kind === "pack") {
    button.disabled = true;
    button.closest(".empty").classList.add("busy");
    return trigger("submit", {});
  }
  if (kind === "note") {
    openTab("notes");
    opened = value;
    // The list marks what is read, also when the way there was a button of the note before.
    const entry = document.querySelector(`#list button.entry[value="${CSS.escape(value)}"]`);
    if (entry) press(entry);
  } else press(button);
  trigger("click", { kind, value });
});

// A note that was asked for is read from its title on, by eye and by screen reader.
new MutationObserver(() => {
  if (!opened || document.querySelector("#read .back")?.value !== opened) return;
  opened = null;
  document.querySelector("#shelf").classList.add("reads");
  document.querySelector("#read").scrollTo(0, 0);
  document.querySelector("#read .title")?.focus({ preventScroll: true });
}).observe(document.body, { childList: true, subtree: true });
