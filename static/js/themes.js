// The theme switch: system, light or dark, kept in this browser; charts repaint on "themechange".
const KEY = "mops-theme";

function kept() {
  try {
    return localStorage.getItem(KEY) ?? "system";
  } catch {
    return "system";
  }
}

function keep(choice) {
  try {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    /* storage refused: the choice lasts for this page */
  }
}

function show(root, choice) {
  if (choice === "system") delete root.documentElement.dataset.theme;
  else root.documentElement.dataset.theme = choice;
  for (const button of root.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === choice));
  }
  root.documentElement.dispatchEvent(new CustomEvent("themechange"));
}

export function watchTheme(root) {
  show(root, kept());
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-set]");
    if (!button) return;
    keep(button.dataset.themeSet);
    show(root, button.dataset.themeSet);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(root, kept()));
}
