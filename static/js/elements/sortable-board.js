// <sortable-board data-url data-move="/w/…/cards/0/move/" data-may-move data-letters data-say-moved data-say-back>
//   … <div class="bcols" id="bcols"><section data-column="5" data-head="5"><ul data-list><li class="card-k" id="card-7" data-id="7" data-version="3"><h3><a href></a></h3></li>
// Drag or Alt + arrow moves a card at once; Escape puts a dragged card back, so does the server's no. A card opens in #drawer.
import htmx from "htmx.org/dist/htmx.esm.js";
import { countCards } from "../board-count.js";
import { companions, dragCards, letGo, sendMany, waits } from "../board-drag.js";
import { watchKeyboard } from "../board-keys.js";
import { keyOf, placeIn, post, renew, step } from "../board-moves.js";
import { watchQuick } from "../board-quick.js";
import { fold, say } from "../board-say.js";
import { watchTabs } from "../board-tabs.js";
import { openInDrawer, watchDrawer } from "../card-drawer.js";
import { watchSelection } from "../board-select.js";
import { watchLive } from "../live/board.js";

const FRESH = new Set([404, 409]);

class SortableBoard extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.moving = Promise.resolve();
    this.moves = []; // { card, from, to } that the server has not answered for yet
    this.sortables = [];
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    document.addEventListener("board-changed", () => this.refresh(), { signal });
    document.addEventListener("htmx:before:swap", (event) => waits(this, event) || this.bare(), { signal });
    document.addEventListener("htmx:after:swap", () => this.count(), { signal });
    watchDrawer(this.dataset.url, signal);
    this.watchTabs();
    watchLive(this, signal);
    const selection = this.mayMove ? watchSelection(this, signal) : null;
    this.quick = this.mayMove ? watchQuick(this, signal) : null;
    this.keyboard = watchKeyboard(this, selection, signal);
    this.count(); // what the server said of the columns, before a card moves
    if (!this.mayMove) return;
    this.addEventListener("keydown", (event) => this.pressed(event), { signal });
    document.addEventListener("keydown", (event) => letGo(this, event), { signal, capture: true });
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

  get mayMove() {
    return this.dataset.mayMove !== undefined;
  }

  get isLaned() {
    return document.getElementById("bcols").dataset.lanes !== undefined;
  }

  get isHeld() { // a card hangs on the pointer, or the server has not answered for one yet
    return Boolean(this.from) || this.moves.length > 0;
  }

  isBusy(card) {
    return card === this.dragged || this.moves.some((move) => move.card === card);
  }

  get address() { // of the board with what is looked for on it, and as many cards of a column as it shows now
    const { url, query } = this.dataset, shown = Math.max(0, ...this.lists.map((list) => list.children.length));
    return `${url}?${[query, shown > 30 && `shown=${shown}`].filter(Boolean).join("&")}`;
  }

  get lists() {
    return [...this.querySelectorAll("[data-list]")];
  }

  async arm() {
    if (!this.mayMove) return;
    this.sortables = await dragCards(this, (item) => this.taken(item), (item) => this.ended(item));
    this.dataset.armed = "";
  }

  bare() { // htmx carries style attributes over to the new card of the same id, which the policy forbids
    for (const styled of this.querySelectorAll("[style]")) styled.removeAttribute("style");
    this.quick?.park();
  }

  placeOf(card) {
    return { list: card.parentElement, before: card.nextElementSibling };
  }

  taken(card) {
    this.from = this.placeOf(card);
    this.dragged = card;
    this.along = companions(this, card);
    this.cancelled = false;
  }

  ended(card) {
    const { from, along } = this;
    this.from = this.dragged = null;
    if (this.cancelled) this.putBack(card, from);
    else if (along.length) sendMany(this, card, along);
    else this.dropped(card, from);
    if (this.missed) this.moving.then(() => this.refresh());
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
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
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
    const move = { card, from: keyOf(from.list), to: keyOf(card) };
    this.moves.push(move);
    this.count();
    say(this.dataset.sayMoved, card);
    this.lastMove = { card: card.id, ...from };
    this.moving = this.moving.then(() => this.send(move, from)); // one after the other, each with the version it then has
  }

  undo() { // the last move of one card, as another move
    const { card: id, list, before } = this.lastMove ?? {};
    this.lastMove = null;
    const card = id && document.getElementById(id);
    if (!card || !list.isConnected) return false;
    const from = this.placeOf(card);
    if (before?.parentElement === list) before.before(card);
    else list.append(card);
    card.querySelector("a").focus();
    this.dropped(card, from);
    this.lastMove = null;
    return true;
  }

  async send(move, from) {
    const { card } = move;
    const answered = () => { this.moves = this.moves.filter((one) => one !== move); };
    const said = card.isConnected ? await post(this, card, placeIn(card, from), answered) : {};
    answered(); // also where no answer came
    if (said.status === 200) {
      renew(card, said.text);
    } else if (said.status !== undefined) {
      this.lastMove = null;
      this.putBack(card, from);
      if (FRESH.has(said.status)) await this.refresh();
    }
    this.count();
  }

  putBack(card, from) {
    const focused = card.contains(document.activeElement);
    if (from.before?.parentElement === from.list) from.before.before(card);
    else from.list.append(card);
    if (focused) card.querySelector("a").focus();
    say(this.dataset.sayBack, card);
  }

  async refresh() { // whether the board is what the server says
    this.missed = false;
    const done = new Promise((resolve) => this.addEventListener("htmx:finally:request", ({ detail }) => resolve(detail.ctx.response?.status === 200), { once: true }));
    await htmx.ajax("GET", this.address, { source: this, target: "#bcols", select: "#bcols", selectOOB: "#board-facts, #board-tabs", swap: "outerMorph" });
    this.watchTabs();
    await this.arm();
    this.count();
    return done;
  }

  count() {
    countCards(this);
    this.quick?.unpark();
    this.keyboard?.settle();
  }
}

customElements.define("sortable-board", SortableBoard);
