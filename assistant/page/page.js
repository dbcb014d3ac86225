// The frame's own behaviour: the language switch, the window's title, notices in the reader's language.
// Gradio runs this once, with `element` (the heading) and `trigger` (an event to the server).

function switchLanguage() {
  const next = document.documentElement.lang === "ru" ? "en" : "ru";
  document.cookie = `language=${next}; path=/; max-age=31536000; samesite=strict`;
  window.location.reload();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("button.language")) switchLanguage();
});

function followTitle() {
  const title = element.querySelector("h1");
  if (title && document.title !== title.textContent) document.title = title.textContent;
}

new MutationObserver(followTitle).observe(element, { childList: true, subtree: true, characterData: true });
followTitle();

// Gradio's notices are English and speak of servers. The same in our words; a page that lost its program loads itself
// again when it is back.
const notices = [
  [/connection/i, "lost"],
  [/maximum allowed size of ([\d.]+)/i, "big"],
  [/queue is full|too many/i, "busy"],
];
function translate(text) {
  if (text.dataset.told === text.textContent) return;
  const [pattern, name] = notices.find(([pattern]) => pattern.test(text.textContent)) || [/$/, "failed"];
  const filled = text.textContent.match(pattern)?.[1] || "";
  text.textContent = document.getElementById("notices").dataset[name].replace("{limit}", String(Number(filled)));
  text.dataset.told = text.textContent;
}
new MutationObserver(() => {
  document.querySelectorAll(".toast-message-text, .toast-text").forEach(translate);
}).observe(document.body, { childList: true, subtree: true });
