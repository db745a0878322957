// Where the keyboard is on a board: which card, kept by its id and found anew after every change of the page; when the card is gone, its neighbour in the same
// column. A column's "n more" and its way to a new card are places, too. Nobody else keeps an element of the board from one change to the next.
import { cellOf } from "./board-moves.js";

const LINKS = ":scope > [data-id] h3 a, :scope > .more-k a";
const UNTAMED = ":is([data-list] a, .quick-open, .card-s):not([tabindex='-1'])";
const PLACES = "[data-list] a, .quick-open";
const linksOf = (list) => [...list.querySelectorAll(LINKS)];
const linkOf = (card) => card?.querySelector("h3 a");
const shows = (stop) => stop.checkVisibility();
export const cardOf = (stop) => stop?.closest("[data-id]") ?? null;
export const stopAt = (target) => target.closest(PLACES);
export const openerOf = (list) => cellOf(list)?.querySelector(".quick-open");
export const listOf = (stop) => stop.closest("[data-list]") ?? stop.closest("[data-column]")?.querySelector("[data-list]");
export const stopsOf = (list) => [...linksOf(list), openerOf(list)].filter((stop) => stop && shows(stop));

export function watchPlace(board, signal) {
  let at = null; // { id of a card or "", more: on "n more", column, lane, order: ids of the cards of the list }
  let wanted = ""; // id of a card that will come back
  let inside = false;

  const listAt = ({ column, lane }) => board.querySelector(`[data-column="${column}"]${lane ? `[data-lane="${lane}"]` : ""} [data-list]`);
  const first = () => [...board.querySelectorAll(PLACES)].find(shows);

  function foldOf(list) { // the button of what hides it
    const hiding = list.closest(".blane.is-folded") ?? board.querySelector(`[data-head="${cellOf(list).dataset.column}"].is-folded`);
    return hiding?.querySelector("[data-fold] button");
  }

  function remember(stop) {
    const list = listOf(stop);
    if (!list) return;
    const { column, lane } = cellOf(list).dataset;
    const order = [...list.children].map((one) => one.id).filter(Boolean);
    at = { id: cardOf(stop)?.id ?? "", more: Boolean(stop.closest(".more-k")), column, lane, order };
  }

  function neighbour(list) { // those below it first, then those above
    const place = at.order.indexOf(at.id);
    const near = [...at.order.slice(place + 1), ...at.order.slice(0, Math.max(place, 0)).reverse()];
    const id = near.find((one) => document.getElementById(one)?.parentElement === list);
    return linkOf(document.getElementById(id)) ?? linksOf(list)[0];
  }

  function stopIn(list) {
    if (at.more) return list.querySelector(":scope > .more-k a") ?? linksOf(list).at(-1) ?? openerOf(list);
    return (at.id && neighbour(list)) || openerOf(list);
  }

  function stop() { // as the page stands now
    if (!at) return first();
    const same = at.id && linkOf(document.getElementById(at.id));
    const list = same ? listOf(same) : listAt(at);
    const found = same || (list && stopIn(list));
    if (found && shows(found)) return found;
    return (list && foldOf(list)) ?? first();
  }

  function go(to) {
    if (!to) return false;
    to.focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  const sizes = new ResizeObserver(() => reach());
  signal.addEventListener("abort", () => sizes.disconnect());

  function reach() { // a list that scrolls can be scrolled by keys
    for (const list of board.lists) {
      list.tabIndex = list.scrollHeight > list.clientHeight && !list.querySelector('[tabindex="0"]') ? 0 : -1;
    }
  }

  function offer() { // one stop for Tab
    const one = stop();
    for (const each of board.querySelectorAll(UNTAMED)) if (each !== one) each.tabIndex = -1;
    if (one) one.tabIndex = 0;
    for (const list of board.lists) sizes.observe(list);
    reach();
  }

  function lost() {
    const active = document.activeElement;
    return inside && (active === document.body || !active.checkVisibility()) && !document.querySelector("dialog[open]");
  }

  /** After any change of the board: one stop for Tab, and the focus where it was. */
  function settle() {
    const back = linkOf(document.getElementById(wanted));
    if (back && shows(back)) {
      const away = !lost() && !stopAt(document.activeElement);
      remember(back);
      wanted = "";
      if (!away) go(back);
    } else if (at && lost()) go(stop());
    const now = at && stop();
    if (now && stopAt(now)) remember(now);
    offer();
  }

  document.addEventListener("focusin", ({ target }) => {
    const on = board.contains(target);
    inside = on || (inside && Boolean(target.closest("#toasts"))); // a toast goes, and the focus with it
    const to = on && stopAt(target);
    if (!to) return;
    const old = stop();
    remember(to);
    if (old && old !== to) old.tabIndex = -1;
    to.tabIndex = 0;
  }, { signal });
  document.addEventListener("pointerdown", () => {
    inside = false;
    wanted = "";
  }, { signal });

  return {
    go: (to) => {
      wanted = "";
      return go(to);
    },
    settle,
    stop: () => at && stop(),
    card: () => (at ? cardOf(stop()) : null),
    list: () => at && listAt(at),
    column: () => at?.column,
    /** The card of this id will be drawn again: the keyboard goes there then. */
    want: (id) => { wanted = id; },
  };
}
