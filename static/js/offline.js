// Ticks that find no network are kept for the person who made them, and sent in their order once it is back.
// What is so already stays so, so a tick that had arrived after all does nothing twice. What is refused is told.
import { say } from "./elements/toast-note.js";
import { token } from "./live/token.js";

const TICK = /\/tick\/$/;
const LATER = new Set([0, 401, 429, 500, 502, 503, 504]);
const key = () => `mops:ticks:${document.body.dataset.member}`;
const read = () => JSON.parse(localStorage.getItem(key()) ?? "[]");
const write = (ticks) => (ticks.length ? localStorage.setItem(key(), JSON.stringify(ticks)) : localStorage.removeItem(key()));

function formOf({ ctx }) {
  const form = ctx?.sourceElement?.closest?.("form");
  return form && TICK.test(new URL(form.action).pathname) ? form : null;
}

function titleOf(form) {
  const line = form.closest("li, [data-card]");
  return (line?.querySelector("summary, h2, a[dir=auto]") ?? line)?.textContent.trim() ?? "";
}

function keep(form) {
  const { pathname } = new URL(form.action);
  const { done, version } = Object.fromEntries(new FormData(form));
  const others = read().filter((tick) => tick.url !== pathname); // the last word about a line counts
  write([...others, { url: pathname, done, version, title: titleOf(form) }]);
  form.elements.done.value = done ? "" : "1"; // the next click means the opposite
  say(document.body.dataset.sayKept);
}

async function send({ url, done, version }) {
  const body = new FormData();
  body.set("done", done);
  if (version) body.set("version", version);
  try {
    const headers = { "X-CSRFToken": token(), "HX-Request": "true", Accept: "*/*" };
    const answer = await fetch(url, { method: "POST", body, headers, redirect: "manual" });
    return { status: answer.type === "opaqueredirect" ? 401 : answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: "" };
  }
}

function reason(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.replace(/\s+/g, " ").trim();
}

async function replay() {
  let sent = 0;
  for (let [tick] = read(); tick; [tick] = read()) {
    const { status, text } = await send(tick);
    if (LATER.has(status)) break;
    write(read().filter((one) => one.url !== tick.url || one.done !== tick.done));
    if (status === 200) sent += 1;
    else say(`${tick.title}: ${reason(text) || document.body.dataset.say404}`, "error");
  }
  if (!sent) return;
  say(document.body.dataset.saySent);
  document.dispatchEvent(new Event("board-changed"));
  if (document.getElementById("my-work")) location.reload();
}

const alone = () => (navigator.locks ? navigator.locks.request("mops-ticks", replay) : replay()); // one tab at a time

export function watchOffline(root) {
  if (!root.body.dataset.member) return;
  root.addEventListener("htmx:before:request", (event) => {
    const form = !navigator.onLine && formOf(event.detail);
    if (!form) return;
    event.preventDefault();
    keep(form);
  });
  root.addEventListener("htmx:error", (event) => {
    const form = formOf(event.detail);
    if (!form) return;
    event.stopImmediatePropagation(); // no error: it is kept
    keep(form);
  });
  for (const [place, name] of [[window, "online"], [root, "line:up"]]) place.addEventListener(name, alone);
  if (navigator.onLine && read().length) alone();
}
