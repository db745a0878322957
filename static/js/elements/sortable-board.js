// <sortable-board data-url data-move="/w/…/cards/0/move/" data-may-move data-say-moved data-say-back>
//   … <div class="bcols" id="bcols"><section class="bcol" data-column="5"><ul data-list><li class="card-k" id="card-7" data-id="7" data-version="3"><h3><a href></a></h3></li>
// Drag or Alt + arrow moves a card at once; Escape puts a dragged card back, so does the server's no. A card opens in #drawer.
import htmx from "htmx.org/dist/htmx.esm.js";
import { watchTabs } from "../board-tabs.js";
import { openInDrawer, watchDrawer } from "../card-drawer.js";

const SETTINGS = { group: "board", animation: 110, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, delay: 120, delayOnTouchOnly: true };
const FRESH = new Set([404, 409]);
const rtl = () => document.documentElement.dir === "rtl";
const columnOf = (card) => card.closest("[data-column]");
const titleOf = (card) => card.querySelector("h3").textContent.trim();

class SortableBoard extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.moving = Promise.resolve();
    this.sortables = [];
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    document.addEventListener("board-changed", () => this.refresh(), { signal });
    document.addEventListener("htmx:before:swap", () => this.bare(), { signal });
    document.addEventListener("htmx:after:swap", () => this.count(), { signal });
    watchDrawer(this.dataset.url, signal);
    watchTabs(this, signal);
    if (this.dataset.mayMove === undefined) return;
    this.addEventListener("keydown", (event) => this.pressed(event), { signal });
    document.addEventListener("keydown", (event) => this.letGo(event), { signal, capture: true });
    document.addEventListener("click", (event) => this.released(event), { signal, capture: true });
    this.arm();
  }

  disconnectedCallback() {
    this.abort.abort();
    for (const sortable of this.sortables) sortable.destroy();
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
      onStart: ({ item }) => { this.from = this.placeOf(item); this.cancelled = false; },
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
    this.from = null;
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
    const link = event.target.closest("h3 a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openInDrawer(link);
  }

  pressed(event) {
    const card = event.target.closest("[data-id]");
    if (!card || !event.altKey || event.ctrlKey || event.metaKey) return;
    const from = this.placeOf(card);
    if (!this.step(card, event.key)) return;
    event.preventDefault();
    card.querySelector("a").focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.dropped(card, from);
  }

  step(card, key) {
    const { lists } = this;
    const aside = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[key];
    const list = aside && lists[lists.indexOf(card.parentElement) + aside];
    if (list) list.prepend(card);
    else if (key === "ArrowUp" && card.previousElementSibling) card.previousElementSibling.before(card);
    else if (key === "ArrowDown" && card.nextElementSibling) card.nextElementSibling.after(card);
    else return false;
    return true;
  }

  dropped(card, from) {
    if (card.parentElement === from.list && card.nextElementSibling === from.before) return;
    this.count();
    this.say(this.dataset.sayMoved, card);
    this.moving = this.moving.then(() => this.send(card, from)); // one after the other, each with the version it then has
  }

  async send(card, from) {
    if (!card.isConnected) return;
    const values = {
      to: columnOf(card).dataset.column,
      after: card.previousElementSibling?.dataset.id ?? "",
      version: card.dataset.version,
    };
    const { status, text } = await this.post(card, values);
    if (status === 200) {
      this.renew(card, text);
    } else {
      this.putBack(card, from);
      if (FRESH.has(status)) await this.refresh();
    }
    this.count();
  }

  post(card, values) {
    const url = this.dataset.move.replace("/0/", `/${card.dataset.id}/`);
    return new Promise((resolve) => {
      card.addEventListener("htmx:finally:request", ({ detail }) => {
        resolve({ status: detail.ctx.response?.status ?? 0, text: detail.ctx.text ?? "" });
      }, { once: true });
      htmx.ajax("POST", url, { source: card, target: card, swap: "none", values });
    });
  }

  renew(card, html) {
    const fresh = document.createRange().createContextualFragment(html).querySelector("[data-id]");
    if (!fresh) return;
    const focused = card.contains(document.activeElement);
    card.className = fresh.className;
    card.dataset.version = fresh.dataset.version;
    card.replaceChildren(...fresh.childNodes);
    if (focused) card.querySelector("a").focus();
  }

  putBack(card, from) {
    const focused = card.contains(document.activeElement);
    if (from.before?.parentElement === from.list) from.before.before(card);
    else from.list.append(card);
    if (focused) card.querySelector("a").focus();
    this.say(this.dataset.sayBack, card);
  }

  async refresh() {
    const focused = document.activeElement?.closest?.("[data-id]")?.id;
    await htmx.ajax("GET", this.dataset.url, { source: this, target: "#bcols", select: "#bcols", selectOOB: "#board-facts", swap: "outerHTML" });
    await this.arm();
    this.count();
    if (focused) document.getElementById(focused)?.querySelector("a")?.focus();
  }

  say(words, card) {
    const live = document.querySelector("[data-live]");
    const list = card.parentElement;
    const said = { title: titleOf(card), column: columnOf(card).querySelector("h2").textContent.trim(), place: [...list.children].indexOf(card) + 1, count: list.children.length };
    live.textContent = words.replace(/%\((\w+)\)s/g, (_all, name) => said[name]);
  }

  count() {
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const tabs = [...this.querySelectorAll("[data-tab-count]")];
    this.lists.forEach((list, place) => {
      const head = columnOf(list).querySelector("[data-count]");
      const cards = list.querySelectorAll(":scope > [data-id]").length;
      const max = Number(head.dataset.max);
      for (const figure of [head, tabs[place]]) if (figure) figure.textContent = number.format(cards);
      columnOf(list).classList.toggle("is-over", max > 0 && cards > max);
    });
  }
}

customElements.define("sortable-board", SortableBoard);
