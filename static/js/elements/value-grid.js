// <value-grid data-unsaved="Not saved: {count}" data-pasted="Pasted cells: {count}">
//   <form><table><tbody><tr><td><input name="v-…" data-shown="5">…</td></tr></tbody></table><p class="entry-count" role="status"></p></form>
// A table of inputs that moves like a spreadsheet: arrows, Enter, Tab, Escape, paste of a block. The form does the saving.
const rtl = () => document.documentElement.dir === "rtl";

class ValueGrid extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.saving = false;
    this.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.addEventListener("paste", (event) => this.pasted(event), { signal });
    this.addEventListener("input", (event) => this.typed(event.target), { signal });
    this.addEventListener("focusin", ({ target }) => this.isCell(target) && target.select(), { signal });
    this.addEventListener("click", (event) => this.took(event), { signal });
    this.addEventListener("submit", () => { this.saving = true; }, { signal });
    addEventListener("beforeunload", (event) => this.leaving(event), { signal });
    for (const cell of this.cells.flat()) this.mark(cell);
    this.tell();
    (this.querySelector("[aria-invalid]") ?? this.querySelector(".is-theirs input"))?.focus();
  }

  disconnectedCallback() {
    this.abort.abort();
  }

  get cells() {
    return [...this.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input[data-shown]")]);
  }

  get changed() {
    return this.querySelectorAll("[data-changed]").length;
  }

  isCell(target) {
    return target instanceof HTMLInputElement && target.dataset.shown !== undefined;
  }

  placeOf(cell) {
    const cells = this.cells;
    const row = cells.findIndex((found) => found.includes(cell));
    return { cells, row, column: cells[row].indexOf(cell) };
  }

  pressed(event) {
    const cell = event.target;
    if (!this.isCell(cell) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      cell.value = cell.dataset.shown;
      this.typed(cell);
      cell.select();
      return;
    }
    const step = this.stepOf(event, cell);
    if (!step) return;
    event.preventDefault();
    const { cells, row, column } = this.placeOf(cell);
    cells[row + step[0]]?.[column + step[1]]?.focus();
  }

  stepOf({ key, shiftKey }, cell) {
    if (key === "Enter") return [shiftKey ? -1 : 1, 0];
    if (shiftKey) return null;
    if (key === "ArrowDown") return [1, 0];
    if (key === "ArrowUp") return [-1, 0];
    const { selectionStart: start, selectionEnd: end, value } = cell;
    const whole = start === 0 && end === value.length;
    const ahead = rtl() ? -1 : 1; // the numbers run from left to right, the columns with the page
    if (key === "ArrowRight" && (whole || start === value.length)) return [0, ahead];
    if (key === "ArrowLeft" && (whole || end === 0)) return [0, -ahead];
    return null;
  }

  pasted(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!this.isCell(event.target) || !/[\t\n\r]/.test(text.trim())) return;
    event.preventDefault();
    const { cells, row, column } = this.placeOf(event.target);
    let count = 0;
    text.replace(/(\r\n|\r|\n)$/, "").split(/\r\n|\r|\n/).forEach((line, down) => {
      line.split("\t").forEach((word, across) => {
        const cell = cells[row + down]?.[column + across];
        if (!cell) return;
        cell.value = word.trim();
        this.mark(cell);
        count += 1;
      });
    });
    this.tell(this.dataset.pasted.replace("{count}", count.toLocaleString(document.documentElement.lang)));
  }

  took(event) {
    const button = event.target.closest("[data-take]");
    const cell = button?.closest("td").querySelector("input[data-shown]");
    if (!cell) return;
    cell.value = button.dataset.take;
    this.typed(cell);
    cell.focus();
  }

  typed(cell) {
    if (!this.isCell(cell)) return;
    this.mark(cell);
    this.tell();
  }

  mark(cell) {
    cell.toggleAttribute("data-changed", cell.value.trim() !== cell.dataset.shown);
  }

  tell(more = "") {
    const { changed } = this;
    const count = changed.toLocaleString(document.documentElement.lang);
    const words = changed ? this.dataset.unsaved.replace("{count}", count) : "";
    this.querySelector(".entry-count").textContent = [more, words].filter(Boolean).join(" · ");
  }

  leaving(event) {
    if (this.changed && !this.saving) event.preventDefault();
  }
}

customElements.define("value-grid", ValueGrid);
