// Who else looks at the board: says every few seconds that one is here and what one has open, and shows the others.
import { isWriting, openCard } from "./drawer.js";
import { token } from "./token.js";

const AGAIN = 10_000;
const SOON = 400;

export function beHere(board, signal) {
  const url = `${board.dataset.url}here/`;
  let timer, known = "";

  const form = () => {
    const said = new FormData();
    const card = openCard();
    if (card) said.set("card", card);
    if (card && isWriting()) said.set("editing", "1");
    return said;
  };

  async function say() {
    clearTimeout(timer);
    if (document.hidden || signal.aborted) return;
    timer = setTimeout(say, AGAIN);
    const said = form();
    known = new URLSearchParams(said).toString();
    try {
      const answer = await fetch(url, { method: "POST", body: said, headers: { "X-CSRFToken": token() } });
      if (answer.ok) draw(await answer.text());
    } catch { /* no network: the bar says so */ }
  }

  function draw(html) {
    const shown = document.getElementById("board-here");
    const fresh = document.createRange().createContextualFragment(html).firstElementChild;
    if (shown && fresh && shown.outerHTML !== fresh.outerHTML) shown.replaceWith(fresh);
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(say, SOON);
  };
  const moved = () => { if (new URLSearchParams(form()).toString() !== known) soon(); };

  for (const name of ["htmx:after:swap", "input"]) document.addEventListener(name, moved, { signal });
  document.getElementById("drawer")?.addEventListener("close", soon, { signal });
  document.addEventListener("visibilitychange", soon, { signal });
  addEventListener("pagehide", () => {
    const gone = new FormData();
    gone.set("gone", "1");
    gone.set("csrfmiddlewaretoken", token());
    navigator.sendBeacon(url, gone);
  }, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  soon();
  return soon;
}
