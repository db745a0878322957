// <sortable-board data-url data-move="/w/…/cards/0/move/" data-may-move data-say-moved data-say-back>
//   … <div class="bcols" id="bcols"><section class="bcol" data-column="5"><ul data-list><li class="card-k" id="card-7" data-id="7" data-version="3"><h3><a href></a></h3></li>
// Drag or Alt + arrow moves a card at once; Escape puts a dragged card back, so does the server's no. A card opens in #drawer.
import htmx from "htmx.org/dist/htmx.esm.js";
import { countCards } from "../board-count.js";
import { post, step } from "../board-moves.js";
import { fold, say } from "../board-say.js";
import { watchTabs } from "../board-tabs.js";
import { openInDrawer, watchDrawer } from "../card-drawer.js";
import { watchSelection } from "../board-select.js";
import { watchLive } from "../live/board.js";

const SETTINGS = { group: "board", animation: 110, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, delay: 120, delayOnTouchOnly: true };
const FRESH = new Set([404, 409]);
const columnOf = (card) => card.closest("[data-column]");

class SortableBoard extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.moving = Promise.resolve();
    this.sending = new Set(); // cards that the server has not answered for yet
    this.sortables = [];
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    document.addEventListener("board-changed", () => this.refresh(), { signal });
    document.addEventListener("htmx:before:swap", () => this.bare(), { signal });
    document.addEventListener("htmx:after:swap", () => this.count(), { signal });
    watchDrawer(this.dataset.url, signal);
    this.watchTabs();
    watchLive(this, signal);
    if (this.dataset.mayMove === undefined) return;
    watchSelection(this, signal);
    this.addEventListener("keydown", (event) => this.pressed(event), { signal });
    document.addEventListener("keydown", (event) => this.letGo(event), { signal, capture: true });
    document.addEventListener("click", (event) => this.released(event), { signal, capture: true });
    this.arm();
  }

  disconnectedCallback() {
    this.abort.abort();
    for (const sortable of this.sortables) sortable.destroy();
  }

  watchTabs() {
    this.tabs?.abort();
    this.tabs = new AbortController();
    watchTabs(this, AbortSignal.any([this.abort.signal, this.tabs.signal]));
  }

  get isHeld() { // a card hangs on the pointer, or the server has not answered for one yet
    return Boolean(this.from) || this.sending.size > 0;
  }

  isBusy(card) {
    return card === this.dragged || this.sending.has(card);
  }

  get address() { // of the board with what is looked for on it
    const { url, query } = this.dataset;
    return query ? `${url}?${query}` : url;
  }

  cardsOf(column) {
    return this.querySelectorAll(`[data-column="${column}"] [data-id]`);
  }

  get lists() {
    return [...this.querySelectorAll("[data-list]")];
  }

  async arm() {
    if (this.dataset.mayMove === undefined) return;
    const { default: Sortable } = await import("sortablejs");
    for (const sortable of this.sortables) sortable.destroy();
    if (!this.isConnected) return;
    this.sortables = this.lists.map((list) => new Sortable(list, {
      ...SETTINGS,
      draggable: "[data-id]",
      onStart: ({ item }) => { this.from = this.placeOf(item); this.dragged = item; this.cancelled = false; },
      onEnd: ({ item }) => this.ended(item),
    }));
    this.dataset.armed = "";
  }

  bare() { // htmx carries style attributes over to the new card of the same id, which the policy forbids
    for (const styled of this.querySelectorAll("[style]")) styled.removeAttribute("style");
  }

  placeOf(card) {
    return { list: card.parentElement, before: card.nextElementSibling };
  }

  ended(card) {
    const { from } = this;
    this.from = this.dragged = null;
    if (this.cancelled) this.putBack(card, from);
    else this.dropped(card, from);
  }

  letGo(event) { // Escape while dragging: the drag ends here, whatever the hand does afterwards
    if (event.key !== "Escape" || !this.from) return;
    event.preventDefault();
    event.stopPropagation();
    this.cancelled = true;
    document.dispatchEvent(new PointerEvent("pointerup", { cancelable: true }));
    const forget = () => setTimeout(() => { this.cancelled = false; });
    addEventListener("pointerup", forget, { once: true, capture: true });
  }

  released(event) { // the button that comes up after Escape is no click
    if (!this.cancelled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  clicked(event) {
    const button = event.target.closest("[data-fold] button");
    if (button) fold(button);
    const link = event.target.closest("h3 a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openInDrawer(link);
  }

  pressed(event) {
    const card = event.target.closest("[data-id]");
    if (!card || !event.altKey || event.ctrlKey || event.metaKey) return;
    const from = this.placeOf(card);
    if (!step(this.lists, card, event.key)) return;
    event.preventDefault();
    card.querySelector("a").focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.dropped(card, from);
  }

  dropped(card, from) {
    if (card.parentElement === from.list && card.nextElementSibling === from.before) return;
    this.count();
    say(this.dataset.sayMoved, card);
    this.sending.add(card);
    this.moving = this.moving.then(() => this.send(card, from)); // one after the other, each with the version it then has
  }

  async send(card, from) {
    await this.sendOne(card, from).finally(() => this.sending.delete(card));
  }

  async sendOne(card, from) {
    if (!card.isConnected) return;
    const values = {
      to: columnOf(card).dataset.column,
      after: card.previousElementSibling?.dataset.id ?? "",
      version: card.dataset.version,
    };
    const { status, text } = await post(this, card, values);
    if (status === 200) {
      this.renew(card, text);
    } else {
      this.putBack(card, from);
      if (FRESH.has(status)) await this.refresh();
    }
    this.count();
  }

  renew(card, html) {
    const fresh = document.createRange().createContextualFragment(html).querySelector("[data-id]");
    if (!fresh) return;
    const focused = card.contains(document.activeElement);
    card.className = fresh.className;
    card.dataset.version = fresh.dataset.version;
    card.dataset.position = fresh.dataset.position;
    card.replaceChildren(...fresh.childNodes);
    if (focused) card.querySelector("a").focus();
  }

  putBack(card, from) {
    const focused = card.contains(document.activeElement);
    if (from.before?.parentElement === from.list) from.before.before(card);
    else from.list.append(card);
    if (focused) card.querySelector("a").focus();
    say(this.dataset.sayBack, card);
  }

  async refresh() { // whether the board is what the server says
    const focused = document.activeElement?.closest?.("[data-id]")?.id;
    const done = new Promise((resolve) => this.addEventListener("htmx:finally:request", ({ detail }) => resolve(detail.ctx.response?.status === 200), { once: true }));
    await htmx.ajax("GET", this.address, { source: this, target: "#bcols", select: "#bcols", selectOOB: "#board-facts, #board-tabs", swap: "outerMorph" });
    this.watchTabs();
    await this.arm();
    this.count();
    if (focused) document.getElementById(focused)?.querySelector("a")?.focus({ preventScroll: true });
    return done;
  }

  count() {
    countCards(this);
  }
}

customElements.define("sortable-board", SortableBoard);
