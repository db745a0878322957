// <time-line data-day="12" data-today="84" data-reschedule="/w/…/cards/0/reschedule/" data-may-move data-say-moved data-say-back>
//   … <li id="row-7" data-id="7" data-version data-start data-due><a href></a></li> … <svg><g data-bar="7"><rect class="tl-fill"/><rect data-grip="end"/></g></svg>
// Drag a bar, or Alt + arrow on its card, moves it by days; a grip, or Shift with Alt, moves an end. Escape lets go.
import htmx from "htmx.org/dist/htmx.esm.js";
import { openInDrawer, watchDrawer } from "../card-drawer.js";
import { moved, words } from "../timeline-days.js";

const PAUSE = 450; // after the last key, before the server is told
const rtl = () => document.documentElement.dir === "rtl";

class TimeLine extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    const box = this.querySelector("#tl");
    if (box) box.scrollLeft = (rtl() ? -1 : 1) * Math.max(this.dataset.today - box.clientWidth / 4, 0);
    watchDrawer(location.pathname, signal);
    on(this, "click", (event) => this.clicked(event));
    for (const name of ["timeline-changed", "board-changed"]) on(document, name, () => this.refresh());
    on(document.getElementById("drawer"), "close", () => this.refresh());
    if (this.dataset.mayMove === undefined) return;
    on(this, "pointerdown", (event) => this.grabbed(event));
    on(this, "pointermove", (event) => this.dragged(event));
    on(this, "pointerup", () => this.dropped());
    on(this, "pointercancel", () => this.letGo());
    on(this, "keydown", (event) => this.pressed(event));
    this.dataset.armed = "";
  }

  disconnectedCallback() {
    this.abort.abort();
  }

  row(id) {
    return this.querySelector(`#row-${id}`);
  }

  clicked(event) {
    const bar = event.target.closest("[data-bar]");
    const link = bar ? this.row(bar.dataset.bar).querySelector("a") : event.target.closest("[data-id] a");
    if (!link || this.hasDragged || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openInDrawer(link);
  }

  grabbed(event) {
    const bar = event.target.closest("[data-bar]");
    this.hasDragged = false;
    if (!bar || event.button) return;
    const part = event.target.closest("[data-grip]")?.dataset.grip ?? "both";
    this.hold = { ...this.start(bar.dataset.bar, part), x: event.clientX };
    bar.setPointerCapture(event.pointerId);
  }

  start(id, part) {
    const bar = this.querySelector(`[data-bar="${id}"]`);
    const fill = bar?.querySelector(".tl-fill");
    return { row: this.row(id), part, bar, fill, days: 0, from: Number(fill?.getAttribute("x")), width: Number(fill?.getAttribute("width")) };
  }

  dragged(event) {
    const { hold } = this;
    if (!hold || hold.keys) return;
    const pixels = (event.clientX - hold.x) * (rtl() ? -1 : 1);
    const days = Math.round(pixels / this.dataset.day);
    if (days === hold.days) return;
    this.hasDragged = true;
    this.show(days);
  }

  show(days) { // the bar as it would lie
    const { hold } = this;
    const next = moved(hold.row.dataset, hold.part, days);
    if (!next) return;
    Object.assign(hold, { days, next });
    if (!hold.bar) return;
    const pixels = days * this.dataset.day;
    const x = hold.part === "end" ? hold.from : hold.from + pixels;
    const width = { both: hold.width, end: hold.width + pixels, start: hold.width - pixels }[hold.part];
    hold.bar.classList.add("is-held");
    hold.fill.setAttribute("x", x);
    hold.fill.setAttribute("width", Math.max(width, 4));
    const text = hold.bar.querySelector("text");
    hold.text ??= text.textContent;
    text.setAttribute("x", x + width + 6);
    text.textContent = words(next);
  }

  dropped() {
    const { hold } = this;
    if (!hold || hold.keys) return;
    this.hold = null;
    if (hold.days) this.send(hold);
    else this.reset(hold);
  }

  letGo() {
    const { hold } = this;
    if (!hold) return;
    clearTimeout(hold.timer);
    this.hold = null;
    this.reset(hold);
  }

  reset(hold) {
    if (!hold.bar) return;
    hold.bar.classList.remove("is-held");
    hold.fill.setAttribute("x", hold.from);
    hold.fill.setAttribute("width", hold.width);
    const text = hold.bar.querySelector("text");
    text.setAttribute("x", hold.from + hold.width + 6);
    if (hold.text !== undefined) text.textContent = hold.text;
  }

  pressed(event) {
    if (event.key === "Escape" && this.hold) {
      event.preventDefault();
      this.letGo();
      return;
    }
    const row = event.target.closest("[data-start], [data-due]");
    const step = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[event.key];
    if (!row || !step || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const part = event.shiftKey ? "end" : "both";
    if (this.hold && (this.hold.row !== row || this.hold.part !== part)) this.flush();
    this.hold ??= { ...this.start(row.dataset.id, part), keys: true };
    this.show(this.hold.days + step);
    if (this.hold.next) this.announce(this.dataset.sayMoved, row, words(this.hold.next));
    clearTimeout(this.hold.timer);
    this.hold.timer = setTimeout(() => this.flush(), PAUSE);
  }

  flush() {
    const { hold } = this;
    clearTimeout(hold?.timer);
    this.hold = null;
    if (hold?.days) this.send(hold);
    else if (hold) this.reset(hold);
  }

  async send(hold) {
    const { row, next } = hold;
    const url = this.dataset.reschedule.replace("/0/", `/${row.dataset.id}/`);
    const answered = new Promise((resolve) => row.addEventListener("htmx:finally:request", ({ detail }) => resolve(detail.ctx.response?.status ?? 0), { once: true }));
    htmx.ajax("POST", url, { source: row, target: row, swap: "none", values: { start_on: next.start, due_on: next.due, version: row.dataset.version } });
    const status = await answered;
    if (status === 200) return;
    this.reset(hold);
    this.announce(this.dataset.sayBack, row, "");
    if (status) await this.refresh();
  }

  announce(said, row, days) {
    const title = row.querySelector("bdi").textContent;
    document.querySelector("[data-live]").textContent = said.replace("%(title)s", title).replace("%(days)s", days);
  }

  async refresh() {
    if (this.hold) return;
    const focused = document.activeElement?.closest?.("[data-id]")?.id;
    await htmx.ajax("GET", location.pathname + location.search, { source: this, target: "#tl-body", select: "#tl-body", swap: "outerMorph" });
    if (focused) this.querySelector(`#${focused} a`)?.focus({ preventScroll: true });
  }
}

customElements.define("time-line", TimeLine);
