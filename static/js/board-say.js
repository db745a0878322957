// What a board says of a card: its title, its column (and swimlane), its place there. And columns and swimlanes that are collapsed at once.
const titleOf = (card) => card.querySelector("h3").textContent.trim();
const named = (id) => document.getElementById(id)?.textContent.trim();

const LASTS = 5000; // ms

/** Say it in the polite live region; what is said right after it does not silence it. */
export function tell(words) {
  const line = document.createElement("p");
  line.textContent = words;
  document.querySelector("[data-live]").append(line);
  setTimeout(() => line.remove(), LASTS);
}

export function say(words, card) {
  const cell = card.closest("[data-column]");
  const cards = [...card.parentElement.querySelectorAll(":scope > [data-id]")];
  const { column, lane, hidden } = cell.dataset;
  const where = [named(`column-${column}-h`), lane && named(`lane-${lane}-h`)].filter(Boolean).join(", ");
  const said = { title: titleOf(card), column: where, place: cards.indexOf(card) + 1, count: cards.length + Number(hidden ?? 0) };
  const over = document.querySelector(`[data-head="${column}"].is-over .over`)?.textContent.trim(); // a limit that only warns
  tell([words.replace(/%\((\w+)\)s/g, (_all, name) => said[name]), over].filter(Boolean).join(", "));
}

export function fold(button) { // the form tells the server
  const whole = button.closest("[data-head], [data-row]");
  const { head } = whole.dataset;
  const folded = !whole.classList.contains("is-folded");
  const cells = head ? document.querySelectorAll(`[data-column="${head}"]`) : [];
  for (const part of [whole, ...cells]) part.classList.toggle("is-folded", folded);
  button.setAttribute("aria-expanded", String(!folded));
  const { folded: sent } = button.form.elements;
  setTimeout(() => { sent.value = folded ? "" : "1"; });
}
