// The frame's own behaviour: the language switch and the window's title.
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
