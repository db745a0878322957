// <card-calendar data-url data-move="/w/…/cards/0/schedule/" data-today data-may-move data-say-moved data-say-none data-say-back>
//   <div id="cal">… <li data-day="2026-03-02"><ul data-list><li class="cal-card" id="cal-7" data-id="7" data-version="3"><a href></a></li>
// Drag or Alt + arrow gives a card another day at once; Escape puts a dragged card back, so does the server's no.
import htmx from "htmx.org/dist/htmx.esm.js";
import { post } from "../board-moves.js";

const SETTINGS = { group: "days", sort: false, animation: 110, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, delay: 120, delayOnTouchOnly: true };
const FRESH = new Set([404, 409]);
const DAY = 86_400_000;
const rtl = () => document.documentElement.dir === "rtl";
const dayOf = (card) => card.closest("[data-day]").dataset.day;
const later = (day, days) => new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10);

class CardCalendar extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.sortables = [];
    this.moving = Promise.resolve();
    document.getElementById("drawer").addEventListener("close", () => this.refresh(), { signal });
    document.addEventListener("board-changed", () => this.refresh(), { signal });
    document.addEventListener("htmx:before:swap", () => this.bare(), { signal });
    if (this.dataset.mayMove === undefined) return;
    this.addEventListener("view:renewed", () => this.arm(), { signal });
    this.addEventListener("keydown", (event) => this.pressed(event), { signal });
    document.addEventListener("keydown", (event) => this.letGo(event), { signal, capture: true });
    this.arm();
  }

  disconnectedCallback() {
    this.abort.abort();
    for (const sortable of this.sortables) sortable.destroy();
  }

  async arm() {
    const { default: Sortable } = await import("sortablejs");
    for (const sortable of this.sortables) sortable.destroy();
    if (!this.isConnected) return;
    this.sortables = [...this.querySelectorAll("[data-list]")].map((list) => new Sortable(list, {
      ...SETTINGS,
      draggable: "[data-id]",
      onStart: ({ item }) => { this.from = this.placeOf(item); this.cancelled = false; },
      onEnd: ({ item }) => this.ended(item),
    }));
    this.dataset.armed = "";
  }

  bare() { // htmx carries style attributes over to what it morphs, which the policy forbids
    for (const styled of this.querySelectorAll("[style]")) styled.removeAttribute("style");
  }

  placeOf(card) {
    return { list: card.parentElement, before: card.nextElementSibling, day: dayOf(card) };
  }

  ended(card) {
    const { from } = this;
    this.from = null;
    if (this.cancelled) this.putBack(card, from);
    else if (dayOf(card) !== from.day) this.schedule(card, dayOf(card), from);
  }

  letGo(event) { // Escape while dragging: the drag ends here
    if (event.key !== "Escape" || !this.from) return;
    event.preventDefault();
    event.stopPropagation();
    this.cancelled = true;
    document.dispatchEvent(new PointerEvent("pointerup", { cancelable: true }));
  }

  pressed(event) {
    const card = event.target.closest("[data-id]");
    const ahead = rtl() ? -1 : 1;
    const days = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: 7, ArrowUp: -7 }[event.key];
    if (!card || !days || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const from = this.placeOf(card);
    const day = from.day ? later(from.day, days) : this.dataset.today;
    const list = this.querySelector(`[data-day="${day}"] [data-list]`);
    if (list) list.prepend(card); // else the days around it are fetched
    card.querySelector("a").focus();
    this.schedule(card, day, from);
  }

  schedule(card, day, from) {
    this.say(day ? this.dataset.sayMoved : this.dataset.sayNone, card, day);
    this.moving = this.moving.then(() => this.send(card, day, from)); // one after the other, each with the version it then has
  }

  async send(card, day, from) {
    const fresh = document.getElementById(card.id) ?? card; // it may have been drawn anew meanwhile
    const { status } = await post(this, fresh, { due_on: day, version: fresh.dataset.version });
    if (status === 204) return this.refresh(day);
    this.putBack(card, from);
    if (FRESH.has(status)) await this.refresh();
  }

  putBack(card, from) {
    const focused = card.contains(document.activeElement);
    if (from.before?.parentElement === from.list) from.before.before(card);
    else from.list.append(card);
    if (focused) card.querySelector("a").focus();
    this.say(this.dataset.sayBack, card, "");
  }

  async refresh(day = "") { // the days as the server says; those around `day` if it is not shown
    const address = new URL(location.href);
    if (day && !this.querySelector(`[data-day="${day}"]`)) {
      address.searchParams.set("day", day);
      history.replaceState(null, "", address);
    }
    const focused = document.activeElement?.closest?.("[data-id]")?.id;
    await htmx.ajax("GET", address.pathname + address.search, { source: this, target: "#cal", select: "#cal", swap: "outerMorph" });
    if (this.dataset.mayMove !== undefined) await this.arm();
    if (focused) document.getElementById(focused)?.querySelector("a").focus({ preventScroll: false });
  }

  say(words, card, day) {
    const live = document.querySelector("[data-live]");
    const shown = day && new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeZone: "UTC" }).format(new Date(`${day}T00:00Z`));
    const said = { title: card.querySelector(".cal-t").textContent.trim(), day: shown };
    live.textContent = words.replace(/%\((\w+)\)s/g, (_all, name) => said[name]);
  }
}

customElements.define("card-calendar", CardCalendar);
