// Keys of the whole page: "/" and Ctrl-K jump; in a list with [data-tick-keys] J, K move and X ticks off;
// elsewhere a letter presses the button or the link that carries it in data-key.
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const STEPS = { j: 1, J: 1, k: -1, K: -1 };

function rows(list) {
  return [...list.querySelectorAll("[data-tick-row], .mw, .todo")].filter((row) => row.querySelector(".tick"));
}

function step(list, from, by) {
  const all = rows(list);
  const next = all[all.indexOf(from) + by] ?? (from ? null : all[0]);
  (next?.querySelector("a[href]") ?? next?.querySelector(".tick"))?.focus();
}

function pressed(event, root) {
  const list = event.target.closest("[data-tick-keys]") ?? root.querySelector("[data-tick-keys]");
  if (!list) return pressKey(event, root);
  const row = event.target.closest("[data-tick-row], .mw, .todo");
  if (event.key in STEPS) step(list, row, STEPS[event.key]);
  else if (event.key === "x" && row) row.querySelector(".tick")?.click();
  else return false;
  return true;
}

function pressKey(event, root) {
  const named = /^[a-z]$/i.test(event.key) && root.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
  if (!named || event.target.closest("dialog, menu, pop-menu")) return false;
  named.click();
  return true;
}

export function watchKeys(root) {
  root.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.(TYPING);
    const jump = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing);
    if (jump && root.getElementById("palette")) {
      event.preventDefault();
      root.querySelector("[data-dialog=palette]")?.click();
    } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && pressed(event, root)) {
      event.preventDefault();
    }
  });
}
