// The Ask tab's own behaviour: buttons in messages and lists, previews, the note panel, scrolling, the keyboard.
// Gradio runs this once, with `element` (what is hidden until it is needed) and `trigger` (an event to the server).

const $ = (selector, inside = document) => inside.querySelector(selector);
const box = () => $("#box textarea");
const word = (name) => $("#words")?.dataset[name] || "";
const traceOf = (node) => node.closest(".answer")?.id.replace(/^a-/, "") || "";

// --- the question that is being edited ---------------------------------------------------------------------------

let edited = "";
function edit(trace, typed) {
  edited = trace;
  $("#desk").classList.toggle("edits", Boolean(trace));
  const field = box();
  field.value = typed;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
// What was typed and not yet asked is there again when the page is loaded anew.
document.addEventListener("input", (event) => {
  if (event.target === box()) sessionStorage.setItem("draft", event.target.value);
});
let restored = false;
function restoreDraft() {
  if (restored || !box()) return;
  restored = true;
  const draft = sessionStorage.getItem("draft");
  if (!draft || box().value) return;
  box().value = draft;
  box().dispatchEvent(new Event("input", { bubbles: true }));
}
window.takeEdited = () => {
  const trace = edited;
  edited = "";
  $("#desk").classList.remove("edits");
  return trace;
};

// --- a word to the reader, and a thumb's reason --------------------------------------------------------------------

let silence = 0;
function say(text, near) {
  const said = $("#said");
  said.textContent = text;
  said.showPopover();
  place(said, near);
  clearTimeout(silence);
  silence = setTimeout(() => said.hidePopover(), 1800);
}

// Above a thing where there is room, else below it, and never outside the window.
function place(floating, near) {
  const at = near.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = floating;
  const above = at.top - height - 8;
  floating.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  floating.style.top = `${above > 8 ? above : Math.min(at.bottom + 8, window.innerHeight - height - 8)}px`;
}

function press(button, on) {
  button.classList.toggle("chosen", on);
  button.setAttribute("aria-pressed", String(on));
}

let rated = null;
function rate(button) {
  const on = !button.classList.contains("chosen");
  button.parentElement.querySelectorAll(".up, .down").forEach((other) => press(other, on && other === button));
  trigger("like", { trace: button.value, verdict: on ? button.name : "", reason: "", comment: "" });
  if (!on || button.name === "up") return;
  rated = button;
  const form = $("#why");
  form.reset();
  form.showPopover();
  place(form, button);
  $("input", form).focus();
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "why") return;
  event.preventDefault();
  const given = new FormData(event.target);
  const [reason, comment] = [given.get("reason") || "", given.get("comment")];
  trigger("like", { trace: rated.value, verdict: "down", reason, comment });
  event.target.hidePopover();
  say(word("thanks"), rated);
  rated.focus();
});

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.value);
  } catch {
    // Without a secure context (a page on another machine) only the old way is left.
    const field = document.createElement("textarea");
    field.value = button.value;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  say(word("copied"), button);
}

// --- buttons -------------------------------------------------------------------------------------------------------

let opener = null;
let wanted = "";
const actions = {
  cite: (button) => {
    if (!button.closest("#panel")) opener = button;
    trigger("click", { value: button.value, trace: traceOf(button) || traceOf(opener || button) });
  },
  up: rate,
  down: rate,
  copy,
  retry: (button) => trigger("retry", { trace: button.value }),
  edit: (button) => edit(traceOf(button), button.value),
  leave: () => edit(window.takeEdited() && "", ""),
  take_off: (button) => trigger("clear", { kind: button.value }),
  older: () => trigger("expand", {}),
  chat: (button) => {
    wanted = button.dataset.trace;
    drawer(false);
    trigger("select", { value: button.value, trace: wanted });
  },
  rename,
  download: (button) => trigger("download", { value: button.value }),
  delete: (button) => trigger("delete", { value: button.value }),
  restore: (button) => trigger("undo", { value: button.value }),
  drawer: () => drawer(!$("#desk").classList.contains("drawn")),
  close: (button) => button.closest("[popover]").hidePopover(),
};
for (const kind of ["topic", "anyway", "example", "without"])
  actions[kind] = (button) => trigger("submit", { kind, value: button.value, trace: traceOf(button) });

document.addEventListener("click", (event) => {
  if (event.target.closest("#new")) drawer(false);
  const button = event.target.closest("#ask button[name]");
  // A row's menu closes after its work, and when something else is clicked.
  document.querySelectorAll("#chats details[open]").forEach((menu) => {
    if (button || !menu.contains(event.target)) menu.open = false;
  });
  if (button?.classList.contains("shelf")) return visitNotes(button);
  if (!button || !(button.name in actions)) return;
  hidePreview();
  actions[button.name](button);
});

// The Notes tab answers its buttons itself, but only once it has been opened: Gradio makes a tab when it is first seen.
function visitNotes(button) {
  if ($("#shelf-clicks")) return;
  $("#notes-button")?.click();
  const ready = new MutationObserver(() => {
    if (!$("#shelf-clicks")) return;
    ready.disconnect();
    setTimeout(() => button.click(), 100);
  });
  ready.observe(document.body, { childList: true, subtree: true });
}

// A title becomes a field; Enter keeps it, Escape leaves the old one.
function rename(button) {
  const row = button.closest("li");
  const title = $(".chat", row);
  const field = Object.assign(document.createElement("input"), { value: $(".name", title).textContent, maxLength: 80 });
  field.setAttribute("aria-label", word("rename"));
  title.replaceWith(field);
  field.select();
  let done = false;
  const leave = (keep) => {
    if (done) return;
    done = true;
    const changed = keep && field.value.trim() && field.value !== $(".name", title).textContent;
    if (changed) $(".name", title).textContent = field.value.trim();
    field.replaceWith(title);
    title.focus();
    if (changed) trigger("edit", { value: button.value, title: field.value });
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") leave(event.key === "Enter");
    event.stopPropagation();
  });
  field.addEventListener("blur", () => leave(true));
}

// On a phone chats, filters and uploads come over the conversation.
function drawer(open) {
  $("#desk").classList.toggle("drawn", open);
  $("button[name=drawer]")?.setAttribute("aria-expanded", String(open));
}

// --- previews: what a citation cites, why a sentence is marked ------------------------------------------------------

let hinted = null;
function showPreview(target) {
  // The browser's own tooltip would come as well, later and uglier.
  if (target.title) {
    target.dataset.hint = target.title;
    target.removeAttribute("title");
  }
  const preview = $("#preview");
  const lines = target.dataset.hint.split("\n\n");
  const parts = lines.length < 3 ? [["q", target.dataset.hint]] : [["b", lines[0]], ["small", lines[1]], ["q", lines.slice(2).join("\n\n")]];
  preview.replaceChildren(...parts.map(([tag, text]) => Object.assign(document.createElement(tag), { textContent: text })));
  preview.showPopover();
  place(preview, target);
  target.setAttribute("aria-describedby", "preview");
  hinted = target;
}
function hidePreview() {
  if (!hinted) return;
  hinted.removeAttribute("aria-describedby");
  hinted = null;
  $("#preview").hidePopover();
}
const hintable = (event) => event.target.closest?.("#chat .cite, #chat .unsupported, #panel .beside .cite");
for (const [enter, leave] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(enter, (event) => {
    const target = hintable(event);
    if (target && target !== hinted && (target.title || target.dataset.hint)) showPreview(target);
  });
  document.addEventListener(leave, (event) => hintable(event) && hidePreview());
}
document.addEventListener("scroll", hidePreview, true);

// --- the keyboard --------------------------------------------------------------------------------------------------

const typing = (node) => node?.matches?.("input, textarea, select, [contenteditable=true]");
document.addEventListener("keydown", (event) => {
  if (!$("#ask")?.checkVisibility()) return;
  if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box()?.focus();
  }
  if (event.key === "ArrowUp" && event.target === box() && !box().value) {
    const last = [...document.querySelectorAll("#chat .act.edit")].pop();
    if (last) {
      event.preventDefault();
      actions.edit(last);
    }
  }
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (hinted) return hidePreview();
  const menu = $("#chats details[open]");
  if (menu) {
    menu.open = false;
    return $("summary", menu).focus();
  }
  if ($("#desk").classList.contains("edits")) return actions.leave();
  if ($("#desk").classList.contains("drawn")) return drawer(false);
  const close = $("#close");
  if (!close?.checkVisibility()) return;
  close.click();
  if (opener?.isConnected) opener.focus();
});

// --- what comes and goes -------------------------------------------------------------------------------------------

function scrollInside(scroller, target, above) {
  const distance = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  scroller.scrollTo({ top: scroller.scrollTop + distance - above });
}

// A new question goes to the top of the conversation, so that its answer is read from the beginning; a conversation
// that is opened is read from its last question, or from the message that was searched for.
let newest = "";
function followQuestions() {
  const log = $("#chat .panel-wrap");
  const found = wanted && document.getElementById(`a-${wanted}`);
  const answers = [...document.querySelectorAll("#chat .answer[id]")];
  const questions = document.querySelectorAll("#chat .question");
  // Messages come one by one, and an answer may come before its question.
  if (!log || answers.length !== questions.length) return;
  const last = answers.at(-1)?.id || "";
  if (last === newest && !found) return;
  newest = last;
  if (!box()?.value) sessionStorage.removeItem("draft");
  if (wanted && !found) return;
  wanted = "";
  const question = questions[answers.indexOf(found || answers.at(-1))];
  if (question) scrollAndStay(log, question);
}

// What stands above a question may still grow for a moment: Markdown and formulas come after their text.
let staying = null;
function scrollAndStay(log, question) {
  staying?.disconnect();
  const stay = () => scrollInside(log, question, 16);
  const observer = new ResizeObserver(stay);
  observer.observe($(".message-wrap", log) || log);
  staying = observer;
  stay();
  setTimeout(() => observer.disconnect(), 1500);
}
for (const kind of ["wheel", "touchmove", "keydown", "mousedown"])
  document.addEventListener(kind, () => staying?.disconnect(), { passive: true });

// The opened note is scrolled to its highlighted words once they (and the formulas above them) are there.
let shown = null;
function followNote() {
  const note = $("#source .opened");
  if (note === shown) return;
  shown = note;
  if (!note) return;
  const scroll = () => {
    const target = $("mark", note);
    const panel = note.closest("#panel");
    if (panel) scrollInside(panel, target || note, panel.clientHeight / 3);
  };
  scroll();
  setTimeout(scroll, 300);
  $(".title", note)?.focus({ preventScroll: true });
}

// Gradio reads a message's markup out loud as its label; its text says it better. What its sanitiser takes away from
// our buttons is put back.
function label() {
  document.querySelectorAll("#chat [data-testid][aria-label]").forEach((row) => row.removeAttribute("aria-label"));
  document.querySelectorAll("#chat .act:not([aria-label]), #chat .cite:not([aria-label]), #panel .cite:not([aria-label])").forEach((button) => {
    const title = (button.title || button.dataset.hint || "").split("\n\n")[0];
    const named = button.name === "cite" ? `${word("source").replace("{}", button.textContent)}: ${title}` : title;
    button.setAttribute("aria-label", named);
    if (/^(up|down)$/.test(button.name)) button.setAttribute("aria-pressed", String(button.classList.contains("chosen")));
  });
}

new MutationObserver(() => {
  label();
  restoreDraft();
  followQuestions();
  followNote();
}).observe(document.body, { childList: true, subtree: true });
