// A card's step by a key, and what the server is told of a move.
import htmx from "htmx.org/dist/htmx.esm.js";

const rtl = () => document.documentElement.dir === "rtl";

/** Move the card one place or one column; false when it stands at the edge. */
export function step(lists, card, key) {
  const aside = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[key];
  const list = aside && lists[lists.indexOf(card.parentElement) + aside];
  if (list) list.prepend(card);
  else if (key === "ArrowUp" && card.previousElementSibling) card.previousElementSibling.before(card);
  else if (key === "ArrowDown" && card.nextElementSibling) card.nextElementSibling.after(card);
  else return false;
  return true;
}

/** Send a move; its status (0 without an answer) and the card as the server draws it. */
export function post(board, card, values) {
  const url = board.dataset.move.replace("/0/", `/${card.dataset.id}/`);
  return new Promise((resolve) => {
    card.addEventListener("htmx:finally:request", ({ detail }) => {
      resolve({ status: detail.ctx.response?.status ?? 0, text: detail.ctx.text ?? "" });
    }, { once: true });
    htmx.ajax("POST", url, { source: card, target: card, swap: "none", values });
  });
}
