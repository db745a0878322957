// Dragging cards: SortableJS on every list; Escape lets go; of several selected cards all go along.
const SETTINGS = { group: "board", animation: 110, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, delay: 120, delayOnTouchOnly: true };
const selected = (board) => [...board.querySelectorAll("[data-id]:has(.card-s:checked)")];

/** Let the cards of the board's lists be dragged; gives the sortables back. */
export async function dragCards(board, started, ended) {
  const { default: Sortable } = await import("sortablejs");
  const { isConnected, lists, sortables } = board;
  const stay = (sortable) => isConnected && lists.includes(sortable.el);
  for (const sortable of sortables) if (!stay(sortable)) sortable.destroy();
  if (!isConnected) return [];
  return lists.map((list) => Sortable.get(list) ?? new Sortable(list, { // a list that stays keeps its own: a card may hang on it
    ...SETTINGS,
    draggable: "[data-id]",
    filter: ".quick, .card-s",
    preventOnFilter: false,
    onChoose: ({ item }) => mark(board, item),
    onUnchoose: ({ item }) => { delete item.dataset.many; },
    onStart: ({ item }) => started(item),
    onEnd: ({ item }) => ended(item),
  }));
}

function mark(board, item) { // how many go along, for the picture under the pointer
  const along = selected(board);
  if (along.length > 1 && along.includes(item)) item.dataset.many = String(along.length);
}

/** The whole board as the server says it waits while a card hangs on the hand; it is asked for again afterwards. */
export function waits(board, event) {
  if (!board.from || event.detail.ctx.sourceElement !== board) return false;
  event.preventDefault();
  board.missed = true;
  return true;
}

/** The cards that go with a dragged one, in the order in which they stood; none when it goes alone. */
export function companions(board, card) {
  const along = selected(board);
  return along.length > 1 && along.includes(card) ? along : [];
}

/** Send the selected cards to where one of them was dropped: the form of what is selected does it. */
export function sendMany(board, card, along) {
  const form = document.getElementById("bulk");
  const { column, lane } = card.closest("[data-column]").dataset;
  let above = card.previousElementSibling;
  while (above && along.includes(above)) above = above.previousElementSibling;
  const said = { to: column, after: above?.dataset.id ?? "", ...(lane && { lane }) };
  const kept = [...form.querySelectorAll("select, input[type=date]")].map((field) => [field, field.value]);
  for (const [field] of kept) field.value = "";
  const hidden = Object.entries(said).filter(([name]) => name !== "to").map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  form.append(...hidden);
  form.elements.to.value = said.to;
  form.addEventListener("htmx:finally:request", () => {
    for (const input of hidden) input.remove();
    for (const [field, value] of kept) field.value = value;
  }, { once: true });
  form.requestSubmit();
}

/** Escape while dragging: the drag ends here, whatever the hand does afterwards. */
export function letGo(board, event) {
  if (event.key !== "Escape" || !board.from) return;
  event.preventDefault();
  event.stopPropagation();
  board.cancelled = true;
  document.dispatchEvent(new PointerEvent("pointerup", { cancelable: true }));
  const forget = () => setTimeout(() => { board.cancelled = false; });
  addEventListener("pointerup", forget, { once: true, capture: true });
}
