// Before anything else runs: the language chosen on the page goes before the browser's, Russian and English only.
(() => {
  const chosen = document.cookie.match(/(?:^|; )language=(ru|en)/);
  const language = chosen ? chosen[1] : /^ru\b/i.test(navigator.language) ? "ru" : "en";
  Object.defineProperty(navigator, "language", { get: () => language });
  Object.defineProperty(navigator, "languages", { get: () => [language] });
  document.documentElement.lang = language;
})();
