// <card-table>… <table><tr id="row-7" data-id="7"><td data-cell="due"><a data-go data-edit href="/w/…/cards/7/cells/due/">…</a></td></tr>
// A table that moves like a spreadsheet: arrows go from cell to cell, Enter writes in one, Enter again saves, Escape leaves it as it was.
// The server draws each cell and its form. Leaving a cell saves what was typed; what was refused stays until it is saved or left.
import { watchSelection } from "../board-select.js";
import htmx from "htmx.org/dist/htmx.esm.js";

const CONTROL = "input:not([type=hidden]), select, textarea";
const EDGES = { Home: 0, End: -1 };
const rtl = () => document.documentElement.dir === "rtl";
const typedIn = (form) => new URLSearchParams(new FormData(form)).toString();

class CardTable extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.saving = Promise.resolve();
    this.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    this.addEventListener("focusin", ({ target }) => this.rove(target.closest("[data-go]")), { signal });
    this.addEventListener("focusout", (event) => this.left(event), { signal });
    this.addEventListener("htmx:before:request", ({ target }) => this.sent(target), { signal });
    document.addEventListener("htmx:after:swap", () => this.arrive(), { signal });
    document.getElementById("drawer").addEventListener("close", () => this.refresh(), { signal });
    document.addEventListener("board-changed", () => this.refresh(), { signal });
    this.selection = this.dataset.mayMove === undefined ? null : watchSelection(this, signal);
    this.rove(this.querySelector("tbody [data-go]"));
  }

  disconnectedCallback() {
    this.abort.abort();
  }

  get form() {
    return this.querySelector("form.cell-form");
  }

  get rows() {
    return [...this.querySelectorAll("tbody tr[data-id]")].map((row) => [...row.querySelectorAll("[data-cell]")]);
  }

  rove(stop) { // one way in with Tab, the arrows do the rest
    if (!stop) return;
    for (const other of this.querySelectorAll("[data-go]")) other.tabIndex = other === stop ? 0 : -1;
    for (const link of this.querySelectorAll(".list-open:not([data-go])")) link.tabIndex = -1;
  }

  stopOf(id, part) {
    return document.getElementById(id)?.querySelector(`[data-cell="${part}"] [data-go]`);
  }

  pressed(event) {
    const form = event.target.closest("form.cell-form");
    if (form) return this.pressedIn(form, event);
    const cell = event.target.closest("tbody [data-cell]");
    if (!cell || event.altKey || event.metaKey) return;
    if (event.key === " " && this.selection && !event.ctrlKey) {
      event.preventDefault();
      this.selection.toggle(cell.closest("tr"));
      return;
    }
    const next = this.next(cell, event);
    if (!next) return;
    event.preventDefault();
    next.querySelector("[data-go]")?.focus();
  }

  pressedIn(form, event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.leave(form);
    } else if (event.key === "Enter" && !event.isComposing && !event.target.closest("button, a")) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  next(cell, { key, ctrlKey }) {
    const { rows } = this;
    const row = rows.findIndex((cells) => cells.includes(cell));
    const column = rows[row].indexOf(cell);
    if (key in EDGES) return (ctrlKey ? rows.at(EDGES[key]) : rows[row]).at(EDGES[key]);
    if (ctrlKey) return null;
    if (key === "ArrowDown") return rows[row + 1]?.[column];
    if (key === "ArrowUp") return rows[row - 1]?.[column];
    const aside = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[key];
    return aside && rows[row][column + aside];
  }

  clicked(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a[data-edit], a[data-leave]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.leave === undefined) this.open(link);
    else this.leave(link.closest("form"));
  }

  async open(link) {
    const { id } = link.closest("tr");
    const part = link.closest("[data-cell]").dataset.cell;
    await this.saving;
    if (this.form) return this.focusIn(this.form); // it was refused: first that
    const row = document.getElementById(id);
    this.kept = this.stopOf(id, part).closest("[data-cell]").cloneNode(true);
    this.want = { id, part };
    await htmx.ajax("GET", link.href, { source: row, target: row, swap: "outerHTML" });
  }

  arrive() { // a row was drawn anew: the focus is where it was
    const { want, form } = this;
    if (form && !form.dataset.first) {
      form.dataset.first = typedIn(form);
      this.focusIn(form);
    } else if (want && !form) {
      this.want = null;
      const stop = this.stopOf(want.id, want.part);
      if (document.activeElement === document.body) stop?.focus();
    }
    const here = document.activeElement?.closest("tbody [data-go]");
    this.rove(here ?? this.querySelector('[data-go][tabindex="0"]') ?? this.querySelector("tbody [data-go]"));
  }

  focusIn(form) {
    const control = form.querySelector("[aria-invalid]") ?? form.querySelector(CONTROL) ?? form.querySelector("button");
    control.focus();
    if (control.type === "text") control.select();
  }

  left({ target, relatedTarget }) {
    const form = target.closest("form.cell-form");
    if (!form || form.contains(relatedTarget) || form.dataset.kept !== undefined || form.dataset.sent) return;
    if (!document.hasFocus()) return; // another window, not another cell
    if (typedIn(form) === form.dataset.first) this.close(form);
    else form.requestSubmit();
  }

  sent(form) {
    if (!form.matches?.("form.cell-form")) return;
    form.dataset.sent = "1";
    this.saving = new Promise((done) => {
      for (const name of ["htmx:finally:request", "htmx:after:swap"]) document.addEventListener(name, done, { once: true });
    });
    this.saving.then(() => { delete form.dataset.sent; });
  }

  async leave(form) {
    const cell = form.closest("[data-cell]");
    const row = cell.closest("tr");
    if (form.dataset.kept === undefined) this.close(form);
    else { // somebody has changed the card: what stands now
      const address = new URL(form.action);
      address.searchParams.set("row", "1");
      await htmx.ajax("GET", address.pathname + address.search, { source: row, target: row, swap: "outerHTML" });
    }
    this.stopOf(row.id, cell.dataset.cell)?.focus();
  }

  close(form) {
    this.want = null;
    form.dataset.sent = "1"; // what goes away is not saved
    const cell = form.closest("[data-cell]");
    if (this.kept?.dataset.cell === cell.dataset.cell) cell.replaceWith(this.kept);
    htmx.process(this.kept);
  }

  refresh() { // a card was open: it may say something else now
    if (!this.form) htmx.ajax("GET", location.pathname + location.search, { source: this, target: "#card-list", select: "#card-list", swap: "outerMorph" });
  }
}

customElements.define("card-table", CardTable);
