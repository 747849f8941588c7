// Runs before the first paint: puts the theme, the density, the layout and the language of the last visit on the page.
// It is a file of its own, because the Content-Security-Policy allows no script inside the page.
try {
  const { dataset, lang, dir } = JSON.parse(localStorage.getItem('laserchat.appearance') ?? '{}');
  Object.assign(document.documentElement.dataset, dataset);
  if (lang) document.documentElement.lang = lang;
  if (dir) document.documentElement.dir = dir;
} catch {
  // Then the browser's own preferences hold until the app has started.
}
