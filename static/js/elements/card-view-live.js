// <card-view-live data-part="card-list" data-also="list-count" data-home="/w/…/list/" data-url data-seq data-streams data-say-offline data-say-shut><p hidden></p>
// A page of cards follows its boards: when something happens, its part is fetched from the same address and morphed in,
// at most once a second, and never under the hand of who writes, drags or has a menu open there.
import htmx from "htmx.org/dist/htmx.esm.js";
import { feed } from "../live/feed.js";

const GATHER = 80; // ms
const GAP = 1000; // between two fetches
const PAUSE = 250; // before what had to wait is tried again
const LATER = 3000; // after an answer that did not come
const TYPING = "input:not([type=checkbox], [type=hidden]), textarea, select";
const BUSY = "form.cell-form, .is-held, .htmx-request, pop-menu details[open]";

class CardViewLive extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.last = -GAP;
    this.address = location.pathname + location.search;
    const { url: base, seq } = this.dataset;
    const hear = { change: () => this.gather(GATHER), reset: () => this.gather(GATHER), here: () => {}, line: (state) => this.line(state) };
    document.addEventListener("pointerdown", ({ target }) => { this.isPressed = this.view.contains(target); }, { signal, capture: true });
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => { this.isPressed = false; }, { signal, capture: true });
    addEventListener("blur", () => { this.isPressed = false; }, { signal });
    feed({ base, seq: Number(seq), streams: this.dataset.streams !== undefined }, hear, signal);
  }

  disconnectedCallback() {
    this.abort.abort();
    clearTimeout(this.timer);
  }

  get view() {
    return this.parentElement;
  }

  get part() {
    return document.getElementById(this.dataset.part);
  }

  get isBusy() {
    const { activeElement } = document;
    const isTyping = activeElement?.matches(TYPING) && this.part.contains(activeElement);
    return Boolean(this.isPressed || isTyping || this.view.querySelector(BUSY));
  }

  gather(soon) {
    if (this.fetching) this.isLate = true; // what happens while we ask is asked for again
    else this.timer ??= setTimeout(() => this.catchUp(), Math.max(soon, this.last + GAP - performance.now()));
  }

  async catchUp() {
    this.timer = undefined;
    if (this.isBusy) {
      this.gather(PAUSE);
      return;
    }
    this.fetching = true;
    this.isLate = false;
    this.last = performance.now();
    const again = await this.renew();
    this.fetching = false;
    if (again || this.isLate) this.gather(again);
  }

  async renew() { // after how many ms it has to be tried again, 0: it is done
    const text = await this.ask();
    if (text === null || this.abort.signal.aborted) return text === null ? LATER : 0;
    if (this.isBusy) return PAUSE;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const part = fresh.getElementById(this.dataset.part);
    if (!part) return 0; // signed out, or no longer there: the feed says so
    for (const open of this.part.querySelectorAll("details[open][id]")) fresh.getElementById(open.id)?.setAttribute("open", "");
    await this.put(part, fresh.getElementById(this.dataset.also));
    return 0;
  }

  async ask() {
    if (location.pathname === this.dataset.home) this.address = location.pathname + location.search; // else a card is open over it
    try {
      const answer = await fetch(this.address, { signal: this.abort.signal });
      return answer.status < 500 ? await answer.text() : null;
    } catch {
      return null;
    }
  }

  async put(part, also) {
    const back = this.stop();
    if (also) document.getElementById(also.id)?.replaceWith(also);
    await htmx.swap({ text: part.outerHTML, sourceElement: this, target: this.part, swap: "outerMorph" });
    if (back && document.activeElement === document.body) this.part.querySelector(back)?.focus({ preventScroll: true });
    this.dataset.renewed = Number(this.dataset.renewed ?? 0) + 1;
    this.dispatchEvent(new CustomEvent("view:renewed", { bubbles: true }));
  }

  stop() { // where the focus is, in words that find it again in what is drawn anew
    const { activeElement } = document;
    const row = activeElement?.closest("[id]");
    if (!row || row === this.part || !this.part.contains(row)) return "";
    const cell = activeElement.closest("[data-cell]")?.dataset.cell;
    return `#${row.id} ${cell ? `[data-cell="${cell}"] [data-go]` : "a"}`;
  }

  line(state) {
    const bar = this.querySelector("p");
    bar.hidden = state === "up";
    bar.textContent = { up: "", down: this.dataset.sayOffline, shut: this.dataset.sayShut }[state];
    this.dataset.line = state;
  }
}

customElements.define("card-view-live", CardViewLive);
