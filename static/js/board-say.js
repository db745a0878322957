// What a board says of a card: its title, its column, its place there. And columns that are collapsed at once.
const titleOf = (card) => card.querySelector("h3").textContent.trim();

export function say(words, card) {
  const live = document.querySelector("[data-live]");
  const list = card.parentElement;
  const cards = [...list.querySelectorAll(":scope > [data-id]")];
  const column = card.closest("[data-column]").querySelector("h2").textContent.trim();
  const said = { title: titleOf(card), column, place: cards.indexOf(card) + 1, count: cards.length };
  live.textContent = words.replace(/%\((\w+)\)s/g, (_all, name) => said[name]);
}

export function fold(button) { // the form tells the server
  const column = button.closest("[data-column]");
  const folded = !column.classList.contains("is-folded");
  column.classList.toggle("is-folded", folded);
  button.setAttribute("aria-expanded", String(!folded));
  const { folded: sent } = button.form.elements;
  setTimeout(() => { sent.value = folded ? "" : "1"; });
}
