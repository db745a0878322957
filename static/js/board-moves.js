// A card's step by a key, and what the server is told of a move.
import htmx from "htmx.org/dist/htmx.esm.js";

export const rtl = () => document.documentElement.dir === "rtl";
export const cellOf = (list) => list.closest("[data-column]");
/** The column, or the column and swimlane, in which a card or a list stands: "5", "5/goal-7". */
export function keyOf(part) {
  const { column, lane } = cellOf(part).dataset;
  return lane ? `${column}/${lane}` : column;
}
const isOpen = (list) => !list.closest(".blane.is-folded, .bcol.is-folded, .bcell.is-folded");

/** The list beside this one in its row (aside: 1 or -1), or above or below it in its column; undefined at the edge. */
export function beside(lists, list, aside, down = 0) {
  const { lane, column } = cellOf(list).dataset;
  const same = (one) => (down ? cellOf(one).dataset.column === column : cellOf(one).dataset.lane === lane);
  const line = lists.filter((one) => one === list || (same(one) && isOpen(one)));
  return line[line.indexOf(list) + (aside || down)];
}

/** Move the card one place, one column or one swimlane; false when it stands at the edge. */
export function step(lists, card, key) {
  const aside = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[key];
  const down = { ArrowDown: 1, ArrowUp: -1 }[key];
  const next = down === 1 ? card.nextElementSibling : card.previousElementSibling;
  if (down && next?.dataset.id) next[down === 1 ? "after" : "before"](card);
  else {
    const list = (aside || (down && cellOf(card).dataset.lane)) && beside(lists, card.parentElement, aside, down);
    if (!list) return false;
    if (down === -1) list.append(card);
    else list.prepend(card);
  }
  return true;
}

/** Where a card stands, as the server is told. */
export function placeIn(card, from) {
  const { column, lane } = cellOf(card).dataset;
  const values = { to: column, after: card.previousElementSibling?.dataset.id ?? "", version: card.dataset.version };
  if (lane && cellOf(from.list).dataset.lane !== lane) values.lane = lane;
  return values;
}

/** Send a move; its status (0 without an answer) and the card as the server draws it. `answered` is called before anything of the answer is shown. */
export function post(board, card, values, answered) {
  const url = board.dataset.move.replace("/0/", `/${card.dataset.id}/`);
  return new Promise((resolve) => {
    card.addEventListener("htmx:after:request", answered, { once: true });
    card.addEventListener("htmx:finally:request", ({ detail }) => {
      resolve({ status: detail.ctx.response?.status ?? 0, text: detail.ctx.text ?? "" });
    }, { once: true });
    htmx.ajax("POST", url, { source: card, target: card, swap: "none", values });
  });
}

/** Give a card what the server has drawn for it; whether it is selected is for the reader to say. */
export function redraw(card, fresh) {
  const selected = card.querySelector(".card-s")?.checked;
  card.className = fresh.className;
  card.replaceChildren(...fresh.childNodes);
  if (selected) card.querySelector(".card-s").checked = true;
}

/** Write into a card what the server has drawn. */
export function renew(card, html) {
  const fresh = document.createRange().createContextualFragment(html).querySelector("[data-id]");
  if (!fresh) return;
  const focused = card.contains(document.activeElement);
  card.dataset.version = fresh.dataset.version;
  card.dataset.position = fresh.dataset.position;
  redraw(card, fresh);
  if (focused) card.querySelector("a").focus();
}
