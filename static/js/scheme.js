/* The switch between the system's scheme, light and dark: buttons with data-theme-choice. */
const root = document.documentElement;

function mark() {
  const now = root.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-choice]"))
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]")?.dataset.themeChoice;
  if (!choice) return;
  if (choice === "system") delete root.dataset.theme;
  else root.dataset.theme = choice;
  try {
    localStorage.setItem("theme", choice);
  } catch {
    /* The choice then lasts as long as the page. */
  }
  mark();
});

document.addEventListener("htmx:load", mark);
mark();
