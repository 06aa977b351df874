/* Runs before the first paint, so it is small and blocking: marks the page as scripted and applies the saved scheme. */
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const saved = localStorage.getItem("theme");
    if (saved === "light" || saved === "dark") root.dataset.theme = saved;
  } catch {
    /* Storage may be forbidden; the system's scheme then holds. */
  }
})();
