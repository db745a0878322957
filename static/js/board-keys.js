// A board by keyboard alone: one stop for Tab, arrows from card to card, a key for each act; every key stands in the dialog #board-keys.
import { beside, cellOf, keyOf, rtl } from "./board-moves.js";
import { cardOf, listOf, openerOf, stopAt, stopsOf, watchPlace } from "./board-place.js";
import { tell, say } from "./board-say.js";

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const BULK = { m: "to", a: "assignee", l: "label_on", d: "due_on", p: "priority" };
const ARROWS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

function letter(event) { // the key of a Latin keyboard, also where another alphabet is switched on
  if (/^[a-z/?[\]]$/i.test(event.key)) return event.key.toLowerCase();
  const [, code] = /^Key([A-Z])$/.exec(event.code) ?? [];
  if (code && event.key.length === 1) return code.toLowerCase();
  return { BracketLeft: "[", BracketRight: "]", Slash: event.shiftKey ? "?" : "/" }[event.code];
}

export function watchKeyboard(board, selection, signal) {
  const place = watchPlace(board, signal);
  const { go } = place;
  let changing = null; // ids of cards that a form is changing
  let changed = ""; // the card that the keyboard was on when a form changed some

  function settle() {
    place.settle();
    if (changing) announce();
  }

  function announce() { // what a form has done with one card; of several the toast tells
    const cards = changing;
    changing = null;
    const card = cards.length === 1 && document.getElementById(cards[0].id);
    if (card && keyOf(card) !== cards[0].stood) say(board.dataset.sayMoved, card);
  }

  function arrow(event, stop) {
    const list = listOf(stop), stops = stopsOf(list), index = stops.indexOf(stop);
    const aside = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[event.key] ?? 0;
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    let next = down ? stops[index + down] : undefined;
    for (let other = list; !next && other;) {
      if (down && !cellOf(list).dataset.lane) break;
      other = beside(board.lists, other, aside, down);
      const found = other ? stopsOf(other) : [];
      next = down ? found.at(down === 1 ? 0 : -1) : found[Math.min(index, Math.max(found.length - 2, 0))];
    }
    if (!next) return;
    if (event.shiftKey && selection) {
      for (const card of [cardOf(stop), cardOf(next)]) if (card) selection.select(card, true);
    }
    go(next);
  }

  function change(name) { // the field of the bar that says what is done with the cards
    const form = document.getElementById("bulk"), card = place.card();
    if (!form || !selection) return;
    if (!board.querySelector(".card-s:checked")) {
      if (!card) return;
      selection.select(card, true);
    }
    form.elements[name].focus();
  }

  function folding(open) { // the focus goes to the button of the column that is collapsed, to the first card of one that is open again
    const at = document.activeElement.closest("[data-head]")?.dataset.head ?? place.column();
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
    else form?.requestSubmit();
  }

  const acts = {
    n: () => board.quick?.open(place.list() && openerOf(place.list())) ?? false,
    x: () => place.card() && selection?.toggle(place.card()),
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
    const stop = stopAt(target);
    if (!named(event, stop) && !lettered(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function left(event) { // Escape: nothing is selected, then the board is left
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.target.closest(".bulk, .bd-find")) {
      selection?.none();
      go(place.stop());
    } else if (event.target.closest("[data-list], .quick-open") && !event.selected) document.getElementById("bcols").focus();
  }

  function sent(event) {
    if (event.target.closest("#toasts")) place.want(changed); // an undo brings the keyboard back, too
    changed = event.target.id === "bulk" ? place.card()?.id ?? "" : "";
    if (event.target.id !== "bulk") return;
    const cards = [...board.querySelectorAll("[data-id]:has(.card-s:checked)")];
    changing = cards.map((card) => ({ id: card.id, stood: keyOf(card) }));
    board.lastMove = null;
  }

  function entered(event) { // Enter in a field of the bar does it
    if (event.key !== "Enter" || !event.target.matches("#bulk select, #bulk input")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  document.addEventListener("keydown", pressed, { signal, capture: true });
  board.addEventListener("keydown", left, { signal });
  board.addEventListener("keydown", entered, { signal });
  document.addEventListener("submit", sent, { signal, capture: true });
  return { settle, tell };
}
