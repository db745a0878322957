// Puts cards that others have changed where they stand now, without taking the place, the focus or the card out of the reader's hand.
import { redraw } from "../board-moves.js";

const idOf = (card) => Number(card.dataset.id);

function nextBelow(list, fresh, board) {
  const { position } = fresh.dataset;
  for (const card of list.querySelectorAll(":scope > [data-id]")) {
    if (card.id !== fresh.id && !board.isBusy(card) && card.dataset.position > position) return card; // ASCII: by bytes
  }
  return null;
}

function keepFocus(card, change) {
  const focused = card.contains(document.activeElement);
  change();
  if (focused) card.querySelector("a").focus({ preventScroll: true });
}

function write(card, fresh) {
  if (card.innerHTML === fresh.innerHTML && card.className.includes("is-done") === fresh.className.includes("is-done")) return false;
  redraw(card, fresh);
  return true;
}

function flash(card) {
  card.classList.remove("is-news");
  requestAnimationFrame(() => card.classList.add("is-news"));
  card.addEventListener("animationend", () => card.classList.remove("is-news"), { once: true });
}

/** Put one card into its column; false when the reader holds it just now. */
function place(board, list, fresh, mine) {
  let card = document.getElementById(fresh.id);
  if (card && Number(card.dataset.version) > Number(fresh.dataset.version)) return true;
  if (card && board.isBusy(card)) return false;
  const before = nextBelow(list, fresh, board);
  const stands = card?.parentElement === list && follows(card) === before;
  let news = !card;
  const changed = () => {
    if (card) news = write(card, fresh) || news;
    else card = fresh;
    card.dataset.version = fresh.dataset.version;
    card.dataset.position = fresh.dataset.position;
    if (!stands) list.insertBefore(card, before);
  };
  if (card) keepFocus(card, changed);
  else changed();
  if (!mine && (news || !stands)) flash(card);
  return true;
}

function follows(card) {
  let next = card.nextElementSibling;
  while (next && !next.dataset.id) next = next.nextElementSibling;
  return next;
}

/** Fetch these cards and put them in place; the ids of those that have to wait, null when the board has other columns. */
export async function fetchCards(board, ids, mine) {
  const answer = await fetch(`${board.dataset.url}cards/?ids=${ids.join(",")}${board.dataset.query && `&${board.dataset.query}`}`);
  if (!answer.ok) throw new Error(`cards: ${answer.status}`);
  const part = document.createRange().createContextualFragment(await answer.text());
  const waiting = [];
  for (const group of part.querySelectorAll("[data-in]")) {
    const { in: column, lane } = group.dataset;
    if (board.isLaned !== Boolean(lane)) return null;
    const list = board.querySelector(`[data-column="${column}"]${lane ? `[data-lane="${lane}"]` : ""} [data-list]`);
    if (!list) return null;
    for (const fresh of [...group.children]) if (!place(board, list, fresh, mine.has(idOf(fresh)))) waiting.push(idOf(fresh));
  }
  for (const id of part.querySelector("[data-gone]").dataset.gone.split(" ").filter(Boolean)) {
    const card = document.getElementById(`card-${id}`);
    if (card && board.isBusy(card)) waiting.push(Number(id));
    else card?.remove();
  }
  document.getElementById("board-facts")?.replaceWith(part.querySelector("#board-facts"));
  board.count();
  return waiting;
}
