// The names of the columns above a board on phones: a tap brings a column into view, scrolling marks where one is.
const columnOf = (tab) => document.getElementById(tab.hash.slice(1));

function gap(tab) {
  const box = columnOf(tab).getBoundingClientRect();
  return Math.abs((box.left + box.right) / 2 - innerWidth / 2);
}

export function watchTabs(board, signal) {
  const tabs = [...board.querySelectorAll(".bd-tabs a")];
  const mark = (here) => tabs.forEach((tab) => (tab === here ? tab.setAttribute("aria-current", "true") : tab.removeAttribute("aria-current")));
  for (const tab of tabs) tab.addEventListener("click", (event) => {
    event.preventDefault();
    columnOf(tab)?.scrollIntoView({ inline: "center", block: "nearest" });
    mark(tab);
  }, { signal });
  const scrolled = () => mark(tabs.reduce((near, tab) => (gap(tab) < gap(near) ? tab : near), tabs[0]));
  board.addEventListener("scroll", scrolled, { signal, capture: true, passive: true });
  mark(tabs[0]);
}
