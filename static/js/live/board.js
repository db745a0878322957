// Ties a board to its feed: changed cards are fetched together and put in place; the open card, the bar and the live region follow.
import { tell } from "../board-say.js";
import { beHere } from "./here.js";
import { fetchCards } from "./cards.js";
import { feed } from "./feed.js";
import { watchOpenCard } from "./drawer.js";

const GATHER = 50; // ms
const QUIET = 10_000; // between two announcements of what others do
const AT_ONCE = 200;
const PAUSE = 300; // ms, before what had to wait is tried again
const CARD = "tasks.card";

export function watchLive(board, signal) {
  const { me, sayNews, sayOffline, sayShut } = board.dataset;
  const bar = document.getElementById("board-bar");
  const changed = new Map(); // card id -> whether every change of it is mine
  const arrived = [];
  const followCard = watchOpenCard(board, signal);
  const here = beHere(board, signal);
  let timer, busy = false, whole = false, others = 0, announcing;

  const shownVersion = (change) => Number(document.getElementById(`card-${change.subject_id}`)?.dataset.version ?? 0);

  function hear(change) {
    arrived.push(change);
    if (change.subject_type !== CARD) whole = true;
    else if (!change.version || shownVersion(change) < change.version) note(change.subject_id, String(change.by) === me);
    if (String(change.by) !== me) announce();
    gather();
  }

  function note(id, mine) {
    changed.set(id, mine && changed.get(id) !== false);
  }

  function gather() {
    timer ??= setTimeout(catchUp, GATHER);
  }

  async function catchUp() {
    timer = undefined;
    if (busy || (whole && board.isHeld)) { // columns wait until nothing hangs on the hand
      timer = setTimeout(catchUp, PAUSE);
      return;
    }
    busy = true;
    try {
      await renew();
    } catch { // away for a moment: what was not fetched is asked for again
      timer ??= setTimeout(catchUp, 2000);
    }
    busy = false;
  }

  async function renew() {
    followCard(arrived.splice(0));
    const batch = whole ? [...changed] : [...changed].slice(0, AT_ONCE);
    for (const [id] of batch) changed.delete(id); // before asking: what happens while we ask is asked for again
    try {
      await (whole ? renewAll() : renewSome(batch));
    } catch (error) {
      for (const [id, own] of batch) note(id, own);
      throw error;
    }
    if (whole || changed.size) timer ??= setTimeout(catchUp, PAUSE);
  }

  async function renewAll() {
    whole = false;
    if (await board.refresh()) return;
    whole = true;
    throw new Error("the board was not fetched");
  }

  async function renewSome(batch) {
    if (!batch.length) return;
    const mine = new Set(batch.filter(([, own]) => own).map(([id]) => id));
    const waiting = await fetchCards(board, batch.map(([id]) => id), mine);
    if (waiting === null) whole = true;
    for (const id of waiting ?? []) note(id, mine.has(id));
  }

  function announce() { // in summary: a busy board must not talk all the time
    others += 1;
    announcing ??= setTimeout(() => {
      const number = new Intl.NumberFormat(document.documentElement.lang).format(others);
      tell(sayNews.replace("%(count)s", number));
      announcing = undefined;
      others = 0;
    }, QUIET);
  }

  function line(state) {
    bar.hidden = state === "up";
    bar.textContent = { up: "", down: sayOffline, shut: sayShut }[state];
    board.dataset.line = state;
    if (state === "up") document.dispatchEvent(new Event("line:up"));
  }

  const reset = () => {
    whole = true;
    gather();
  };
  const from = { base: board.dataset.url, seq: Number(board.dataset.seq), streams: "streams" in board.dataset };
  feed(from, { change: hear, reset, here, line }, signal);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    clearTimeout(announcing);
  });
}
