// The card that is open in #drawer follows what others do to it, unless the reader is writing there: then a bar says so.
import htmx from "htmx.org/dist/htmx.esm.js";

const OWN = 4000; // ms in which a change of mine is this page's own, which the answer has shown already
const FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio]), textarea, select";
const drawer = () => document.getElementById("drawer");
const dirty = (field) => (field.options ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue);

const written = () => [...(drawer()?.querySelectorAll(FIELDS) ?? [])].filter(dirty);

/** The id of the card that is open, "" for none. */
export const openCard = () => drawer()?.querySelector("[data-card]")?.dataset.card ?? "";

/** Whether the reader has begun to write on the open card. */
export const isWriting = () => Boolean(drawer()?.querySelector("#edit-card") || written().length);

export function watchOpenCard(board, signal) {
  const { me, move, sayChanged, sayConflict, sayShow } = board.dataset;
  let acted = -OWN;
  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (detail.ctx.request.method !== "GET") acted = performance.now();
  }, { signal });

  const fetchCard = (swap) => htmx.ajax("GET", move.replace("/0/move/", `/${openCard()}/`), { source: drawer(), target: "#drawer", swap });

  async function show() { // the new card, and in it what the reader had begun to write
    const typed = written().map((field) => [field.id, field.value]);
    await fetchCard("innerMorph");
    for (const [id, value] of typed) {
      const field = id && document.getElementById(id);
      if (field) field.value = value;
    }
    drawer().querySelector(".news-bar")?.remove();
  }

  function tell() {
    if (drawer().querySelector(".news-bar")) return;
    const bar = document.createElement("p");
    bar.className = "news-bar";
    bar.setAttribute("role", "status");
    const edits = drawer().querySelector("#edit-card");
    bar.textContent = edits ? sayConflict : sayChanged;
    if (!edits) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "b b-s";
      button.textContent = sayShow;
      button.addEventListener("click", show);
      bar.append(button);
    }
    drawer().querySelector(".drawer-b")?.prepend(bar);
  }

  return (changes) => {
    const id = openCard();
    const news = changes.filter((one) => one.subject_type === "tasks.card" && String(one.subject_id) === id);
    if (!id || !news.some((one) => String(one.by) !== me || performance.now() - acted > OWN)) return;
    if (isWriting()) tell();
    else fetchCard("innerMorph");
  };
}
