// Selecting cards on a board: their boxes, Ctrl or Shift with a click, a column's button for all; Escape selects nothing. Keys: board-keys.js.
import { tell as say } from "./board-say.js";

const boxOf = (card) => card.querySelector(".card-s");
const TYPING = "input:not([type=checkbox]), textarea, select, dialog";
const ALL = "[data-all]";

export function watchSelection(board, signal) {
  let last = null;
  const cards = () => [...board.querySelectorAll("[data-id]")];

  function tell() {
    const count = board.querySelectorAll(".card-s:checked").length;
    const words = board.dataset.saySelected.replace("%(count)s", new Intl.NumberFormat(document.documentElement.lang).format(count));
    board.classList.toggle("is-selecting", count > 0);
    const shown = board.querySelector("[data-selected]");
    if (shown) shown.textContent = words;
    say(words);
  }

  function select(card, on) {
    boxOf(card).checked = on;
    last = card;
    tell();
  }

  function range(card) {
    const all = cards();
    const [from, to] = [all.indexOf(last ?? card), all.indexOf(card)].sort((a, b) => a - b);
    for (const one of all.slice(Math.max(from, 0), to + 1)) boxOf(one).checked = true;
    last = card;
    tell();
  }

  function none() {
    for (const box of board.querySelectorAll(".card-s:checked")) box.checked = false;
    document.getElementById("bulk")?.reset(); // what was done with these cards is not done with the next ones, too
    tell();
  }

  function all(column) { // all that are shown; once more, none of them
    const boxes = [...board.querySelectorAll(`[data-column="${column}"] .card-s`)];
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
    tell();
  }

  function clicked(event) {
    if (event.target.closest("[data-unselect]")) return none();
    const whole = event.target.closest(ALL);
    if (whole) return all(whole.dataset.all);
    const card = event.target.closest("[data-id]");
    if (!card) return undefined;
    const box = event.target === boxOf(card);
    if (event.shiftKey && (box || last)) {
      if (!box) event.preventDefault();
      return range(card);
    }
    if (box) {
      last = card;
      return tell();
    }
    if (!event.ctrlKey && !event.metaKey) return undefined;
    event.preventDefault();
    return select(card, !boxOf(card).checked);
  }

  function pressed(event) {
    if (event.target.closest(TYPING) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "Escape" || !board.querySelector(".card-s:checked")) return;
    event.selected = true; // what else Escape does waits
    none();
  }

  board.addEventListener("click", clicked, { signal });
  board.addEventListener("keydown", pressed, { signal });
  document.addEventListener("board-changed", none, { signal });
  return { select, none, toggle: (card) => select(card, !boxOf(card).checked) };
}
