// Runs before the first paint, so that the theme does not flash. A file of its own: the page allows no inline script.
(() => {
  let theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  try {
    const chosen = localStorage.getItem('checkerlab.theme');
    if (chosen === 'light' || chosen === 'dark') theme = chosen;
  } catch {
    // Storage may be closed to the page; the system's theme is then used.
  }
  document.documentElement.dataset.theme = theme;
})();
