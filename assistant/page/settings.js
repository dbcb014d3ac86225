// The Settings tab's own behaviour: choices are sent as they are made, the page's language is a cookie, and the button
// that deletes everything waits for its word. Gradio runs this once, with `trigger` (an event to the server).

document.addEventListener("change", (event) => {
  const radio = event.target;
  if (!radio.matches("#choices input[type=radio]")) return;
  if (radio.name !== "page") return trigger("click", { kind: radio.name, value: radio.value });
  const age = radio.value === "browser" ? 0 : 31536000;
  document.cookie = `language=${radio.value}; path=/; max-age=${age}; samesite=strict`;
  window.location.reload();
});

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("#erase-word")) return;
  const typed = field.value.trim().toLowerCase() === field.dataset.word;
  field.form.querySelector("button").disabled = !typed;
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.erase")) return;
  event.preventDefault();
  form.querySelector("button").disabled = true;
  form.classList.add("busy");
  trigger("submit", { word: form.elements.word.value });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("button.anew")) window.location.reload();
});
