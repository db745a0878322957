// <form id="quick" data-say-many="Make %(count)s cards?">: one line that makes a card, opened in place of a .quick-open link and kept open. What is read of
// the line shows as chips while one types; a chip is taken back by a click. Several pasted lines ask whether to make as many cards.
import { tell } from "./board-say.js";
import { fetchCards } from "./live/cards.js";
import { say } from "./elements/toast-note.js";

const PAUSE = 120; // ms without a key before the line is read
const fragmentOf = (html) => document.createRange().createContextualFragment(html);

export function watchQuick(board, signal) {
  const form = document.getElementById("quick");
  if (!form) return null;
  const { line, lane } = form.elements;
  const chips = form.querySelector("[data-chips]"), done = form.querySelector("[data-done]");
  let opener = null, parked = null, timer, asked = 0;
  let sending = Promise.resolve();

  function open(link) {
    const at = link ?? board.querySelector(".quick-open");
    if (!at) return false;
    opener = at;
    form.hidden = false;
    at.before(form);
    form.action = at.dataset.quick;
    lane.value = at.dataset.quickLane ?? "";
    line.focus();
    form.scrollIntoView({ block: "nearest", inline: "nearest" });
    read();
    return true;
  }

  function close() {
    const at = opener;
    opener = null;
    form.hidden = true;
    board.append(form);
    line.value = done.textContent = "";
    forget();
    at?.focus();
  }

  function park() { // what stands in the columns may be drawn anew: the form steps aside with what is typed
    if (!opener || parked || form.hidden) return;
    const { selectionStart: from, selectionEnd: to } = line;
    parked = { url: opener.dataset.quick, lane: opener.dataset.quickLane, focused: document.activeElement === line, from, to };
    form.hidden = true;
    board.append(form);
  }

  function unpark() {
    if (!parked) return;
    const { url, lane: row, focused, from, to } = parked;
    parked = null;
    const link = [...board.querySelectorAll(".quick-open")].find((one) => one.dataset.quick === url && one.dataset.quickLane === row);
    opener = link ?? null;
    if (!link) return;
    link.before(form);
    form.hidden = false;
    if (!focused) return;
    line.focus({ preventScroll: true });
    line.setSelectionRange(from, to);
  }

  function forget() {
    chips.replaceChildren();
    for (const input of form.querySelectorAll("[name=unread]")) input.remove();
  }

  async function ask(url, body) {
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "HX-Request": "true" };
    const answer = await fetch(url, { method: "POST", headers, body });
    return { status: answer.status, part: fragmentOf(await answer.text()) };
  }

  async function read() {
    const mine = ++asked;
    if (!line.value.trim()) return forget();
    try {
      const { status, part } = await ask(`${form.action}read/`, new FormData(form));
      if (status === 200 && mine === asked) chips.replaceChildren(part);
    } catch { /* away for a moment: the line is read when it is sent */ }
    return undefined;
  }

  async function send(body) {
    try {
      const { status, part } = await ask(form.action, body);
      const made = part.querySelector("[data-made]");
      if (status !== 201 || !made) return refused(part, body);
      const ids = made.dataset.made.split(",").map(Number);
      await fetchCards(board, ids, new Set(ids));
      done.textContent = made.textContent;
      tell(made.textContent);
    } catch {
      refused(null, body);
    }
    return undefined;
  }

  function refused(part, body) { // the words come back into the line, if nothing else stands there
    const note = part?.querySelector("toast-note");
    if (note) document.getElementById("toasts").append(note);
    else say(document.body.dataset.sayOffline, "error");
    if (!line.value) line.value = body.get("line").split("\n")[0];
  }

  function submit(text) {
    const body = new FormData(form);
    body.set("line", text);
    body.set("nonce", crypto.randomUUID?.() ?? String(Math.random()).slice(2));
    line.value = "";
    asked += 1;
    forget();
    sending = sending.then(() => send(body)); // in the order in which they were typed
  }

  async function pasted(event) {
    const text = event.clipboardData.getData("text/plain");
    const lines = text.split(/\r?\n/).filter((one) => one.trim());
    if (lines.length < 2) return;
    event.preventDefault();
    const count = new Intl.NumberFormat(document.documentElement.lang).format(lines.length);
    if (await document.querySelector("confirm-dialog").ask(form.dataset.sayMany.replace("%(count)s", count))) submit(text);
    line.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (line.value.trim()) submit(line.value);
  }, { signal });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(read, PAUSE);
  }, { signal });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  }, { signal });
  line.addEventListener("paste", pasted, { signal });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-shut]")) return close();
    const chip = event.target.closest("[data-unread]");
    if (!chip) return undefined;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "unread", value: chip.dataset.unread }));
    line.focus();
    return read();
  }, { signal });
  board.addEventListener("click", (event) => {
    const link = event.target.closest(".quick-open");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  }, { signal });
  return { open, park, unpark };
}
