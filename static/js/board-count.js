// How many cards stand in each column and swimlane: over them and in the tabs of phones. A list shows its topmost cards only: the server's
// figures (#board-facts data-counts="5:32 6:10" data-cells="5/goal-7:3") say how many more; a card that belongs below those shown waits there.
import { keyOf } from "./board-moves.js";

function below(list) {
  const more = list.querySelector(":scope > .more-k");
  for (let next = more?.nextElementSibling; next; next = more.nextElementSibling) {
    if (!next.dataset.id) break;
    next.remove();
  }
}

function told(board) { // the server's figures by cell, kept until there are newer ones
  const facts = document.getElementById("board-facts");
  if (facts && facts.dataset.read === undefined) {
    facts.dataset.read = "";
    const said = (board.isLaned ? facts.dataset.cells : facts.dataset.counts) ?? "";
    board.told = new Map(said.split(" ").filter(Boolean).map((pair) => pair.split(":")));
  }
  return board.told;
}

function countCell(board, cell) { // what the server has not answered for yet stands elsewhere in its figures
  const shown = cell.querySelectorAll("[data-id]").length;
  const figures = told(board), key = keyOf(cell);
  if (!figures) return shown;
  let cards = Number(figures.get(key) ?? 0);
  for (const { from, to } of board.moves) cards += (to === key) - (from === key);
  cell.dataset.hidden = Math.max(cards - shown, 0);
  return Math.max(cards, shown);
}

function tell(number, place, figure, cards) {
  figure.textContent = number.format(cards);
  const max = Number(figure.dataset.max);
  place.classList.toggle("is-over", max > 0 && cards > max);
}

export function countCards(board) {
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const columns = new Map(), rows = new Map();
  for (const list of board.lists) if (!board.isHeld) below(list);
  for (const cell of board.querySelectorAll("[data-column]")) {
    const { column, lane } = cell.dataset;
    const cards = countCell(board, cell);
    const own = cell.querySelector("[data-cell-count]");
    columns.set(column, (columns.get(column) ?? 0) + cards);
    rows.set(lane, (rows.get(lane) ?? 0) + cards);
    if (own) tell(number, cell, own, cards);
    cell.classList.toggle("is-empty", cards === 0);
  }
  for (const head of board.querySelectorAll("[data-head]")) tell(number, head, head.querySelector("[data-count]"), columns.get(head.dataset.head) ?? 0);
  for (const row of board.querySelectorAll("[data-row]")) row.querySelector("[data-row-count]").textContent = number.format(rows.get(row.dataset.row) ?? 0);
  for (const tab of board.querySelectorAll("[data-tab-count]")) tab.textContent = number.format(columns.get(tab.dataset.tabCount) ?? 0);
}
