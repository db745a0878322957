// A board by keyboard alone: one stop for Tab, arrows from card to card, a key for each act; every key stands in the dialog #board-keys.
import { tell, say } from "./board-say.js";
import { beside, cellOf, rtl } from "./board-moves.js";

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const STOPS = ":scope > [data-id] h3 a, :scope > .more-k a";
const BULK = { m: "to", a: "assignee", l: "label_on", d: "due_on", p: "priority" };
const ARROWS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);
const cardOf = (stop) => stop?.closest("[data-id]");
const shows = (stop) => stop.checkVisibility();

function letter(event) { // the key of a Latin keyboard, also where another alphabet is switched on
  if (/^[a-z/?[\]]$/i.test(event.key)) return event.key.toLowerCase();
  const [, code] = /^Key([A-Z])$/.exec(event.code) ?? [];
  if (code && event.key.length === 1) return code.toLowerCase();
  return { BracketLeft: "[", BracketRight: "]", Slash: event.shiftKey ? "?" : "/" }[event.code];
}

export function watchKeyboard(board, selection, signal) {
  let current = null; // where the keyboard is: the stop, its list, its place there
  let inside = false;
  let changing = null; // ids of cards that a form is changing

  const sizes = new ResizeObserver(() => reach());
  signal.addEventListener("abort", () => sizes.disconnect());
  const linksOf = (list) => [...list.querySelectorAll(STOPS)];
  const openerOf = (list) => cellOf(list)?.querySelector(".quick-open");
  const stopsOf = (list) => [...linksOf(list), openerOf(list)].filter((stop) => stop && shows(stop));
  const listOf = (stop) => stop.closest("[data-list]") ?? stop.closest("[data-column]")?.querySelector("[data-list]");
  const every = () => board.lists.flatMap((list) => [...linksOf(list), openerOf(list)].filter(Boolean));

  function remember(stop) {
    const list = listOf(stop);
    if (!list) return;
    if (current?.stop.isConnected) current.stop.tabIndex = -1;
    current = { stop, list, id: cardOf(stop)?.id, place: stopsOf(list).indexOf(stop), column: cellOf(list).dataset.column };
    stop.tabIndex = 0;
  }

  function go(stop) {
    if (!stop) return false;
    remember(stop);
    stop.focus();
    stop.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  function near() { // what stands where the keyboard was: the same card, else its neighbour
    const same = current.id && document.getElementById(current.id)?.querySelector("h3 a");
    if (same && shows(same)) return same;
    const list = current.list.isConnected ? current.list : board.querySelector(`[data-column="${current.column}"] [data-list]`);
    const stops = list ? stopsOf(list) : [];
    return stops[Math.min(Math.max(current.place, 0), stops.length - 1)] ?? every().find(shows);
  }

  /** After any change of the board: one stop for Tab, and the focus where it was. */
  function settle() {
    for (const stop of every()) stop.tabIndex = -1;
    for (const box of board.querySelectorAll("[data-id] .card-s")) box.tabIndex = -1;
    const active = document.activeElement;
    const lost = inside && (active === document.body || !active.checkVisibility()) && !document.querySelector("dialog[open]");
    if (current && lost) go(near());
    else if (current?.stop.isConnected) remember(current.stop); // it may stand elsewhere now
    const stop = current?.stop.isConnected ? current.stop : every().find(shows);
    if (stop) stop.tabIndex = 0;
    for (const list of board.lists) sizes.observe(list);
    reach();
    if (changing) announce();
  }

  function reach() { // a list that scrolls can be scrolled by keys
    for (const list of board.lists) {
      list.tabIndex = list.scrollHeight > list.clientHeight && !list.querySelector('[tabindex="0"]') ? 0 : -1;
    }
  }

  function announce() { // what a form has done with one card; of several the toast tells
    const cards = changing;
    changing = null;
    const card = cards.length === 1 && document.getElementById(cards[0].id);
    if (card && card.parentElement !== cards[0].list) say(board.dataset.sayMoved, card);
  }

  function arrow(event, stop) {
    const list = listOf(stop), stops = stopsOf(list), place = stops.indexOf(stop);
    const aside = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[event.key] ?? 0;
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    let next = down ? stops[place + down] : undefined;
    for (let other = list; !next && other;) {
      if (down && !cellOf(list).dataset.lane) break;
      other = beside(board.lists, other, aside, down);
      const found = other ? stopsOf(other) : [];
      next = down ? found.at(down === 1 ? 0 : -1) : found[Math.min(place, Math.max(found.length - 2, 0))];
    }
    if (!next) return;
    if (event.shiftKey && selection) {
      for (const card of [cardOf(stop), cardOf(next)]) if (card) selection.select(card, true);
    }
    go(next);
  }

  function change(name) { // the field of the bar that says what is done with the cards
    const form = document.getElementById("bulk"), card = cardOf(current?.stop);
    if (!form || !selection) return;
    if (!board.querySelector(".card-s:checked")) {
      if (!card) return;
      selection.select(card, true);
    }
    form.elements[name].focus();
  }

  function folding(open) {
    const at = document.activeElement.closest("[data-head]")?.dataset.head ?? current?.column;
    const head = board.querySelector(`[data-head="${at}"]`);
    const button = head?.querySelector("[data-fold] button");
    if (!button) return;
    if (head.classList.contains("is-folded") === open) button.click();
    if (open) go(stopsOf(board.querySelector(`[data-column="${at}"] [data-list]`))[0]);
    else button.focus();
  }

  function undo() {
    const form = [...document.querySelectorAll("#toasts form")].at(-1);
    if (board.lastMove) board.undo();
    else if (form) form.requestSubmit();
  }

  const acts = {
    n: () => board.quick?.open(current?.list && openerOf(current.list)) ?? false,
    x: () => cardOf(current?.stop) && selection?.toggle(cardOf(current.stop)),
    f: () => document.querySelector("[data-filter]")?.click(),
    "/": () => board.querySelector("[data-find]")?.focus(),
    "[": () => folding(false),
    "]": () => folding(true),
    u: undo,
    "?": () => document.querySelector("[data-dialog=board-keys]")?.click(),
    ...Object.fromEntries(Object.entries(BULK).map(([key, name]) => [key, () => change(name)])),
  };

  function named(event, stop) {
    if (ARROWS.has(event.key) && stop) arrow(event, stop);
    else if ((event.key === "Home" || event.key === "End") && stop) go(stopsOf(listOf(stop)).at(event.key === "Home" ? 0 : -1));
    else if (event.key === " " && cardOf(stop)) acts.x();
    else return false;
    return true;
  }

  function lettered(event) {
    const act = "letters" in board.dataset && acts[letter(event)];
    if (!act) return false;
    act();
    return true;
  }

  function pressed(event) {
    const { target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (target !== document.body && !board.contains(target)) return;
    if (target.closest(TYPING)) return;
    const stop = target.closest("[data-list] a, .quick-open");
    if (!named(event, stop) && !lettered(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function left(event) { // Escape: nothing is selected, then the board is left
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.target.closest(".bulk, .bd-find")) {
      selection?.none();
      if (current) go(near());
    } else if (event.target.closest("[data-list], .quick-open") && !event.selected) document.getElementById("bcols").focus();
  }

  function sent(event) {
    if (event.target.id !== "bulk") return;
    const cards = [...board.querySelectorAll("[data-id]:has(.card-s:checked)")];
    changing = cards.map((card) => ({ id: card.id, list: card.parentElement }));
    board.lastMove = null;
  }

  function entered(event) { // Enter in a field of the bar does it
    if (event.key !== "Enter" || !event.target.matches("#bulk select, #bulk input")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  document.addEventListener("focusin", (event) => {
    inside = board.contains(event.target);
    const stop = event.target.closest("[data-list] a, .quick-open");
    if (inside && stop) remember(stop);
  }, { signal });
  document.addEventListener("pointerdown", () => { inside = false; }, { signal });
  document.addEventListener("keydown", pressed, { signal, capture: true });
  board.addEventListener("keydown", left, { signal });
  board.addEventListener("keydown", entered, { signal });
  board.addEventListener("submit", sent, { signal, capture: true });
  return { settle, tell };
}
