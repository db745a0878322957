// A classic script, before the first paint: the kept theme, else the system's. Also says that scripts run.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  let kept = null;
  try {
    kept = localStorage.getItem("mops-theme");
  } catch {
    /* storage refused: the system's theme it is */
  }
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  const dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark-mode", dark); // the word that the API's page listens to
})();
