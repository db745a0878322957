// How many cards stand in each column, over it and in the tabs of phones. A column shows its topmost cards only: the server's
// figures (#board-facts data-counts="5:32 6:10") say how many more there are; a card that belongs below those shown waits there.
function below(list) {
  const more = list.querySelector(":scope > .more-k");
  for (let next = more?.nextElementSibling; next; next = more.nextElementSibling) {
    if (!next.dataset.id) break;
    next.remove();
  }
}

function told() {
  const facts = document.getElementById("board-facts");
  if (!facts || facts.dataset.read !== undefined) return null;
  facts.dataset.read = "";
  return new Map(facts.dataset.counts.split(" ").filter(Boolean).map((pair) => pair.split(":").map(Number)));
}

export function countCards(board) {
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const tabs = [...board.querySelectorAll("[data-tab-count]")];
  const counts = told();
  for (const list of board.lists) if (!board.isHeld) below(list);
  for (const column of board.querySelectorAll("[data-column]")) {
    const head = column.querySelector("[data-count]");
    const shown = board.cardsOf(column.dataset.column).length;
    if (counts) column.dataset.hidden = Math.max((counts.get(Number(column.dataset.column)) ?? 0) - shown, 0);
    const cards = shown + Number(column.dataset.hidden ?? 0);
    const max = Number(head.dataset.max);
    const tab = tabs.find((one) => one.dataset.tabCount === column.dataset.column);
    for (const figure of [head, tab]) if (figure) figure.textContent = number.format(cards);
    column.classList.toggle("is-over", max > 0 && cards > max);
  }
}
