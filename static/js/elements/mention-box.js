// <mention-box data-url data-say-found> around a textarea: @ and some letters offer people; arrows choose, Enter or Tab
// takes, Escape closes. What is taken names the member by id, so that it holds when they are renamed.
const WAIT = 120;
const BEGUN = /(?:^|[\s(])@([\p{L}\p{M}\p{N}._-]{0,40}(?: [\p{L}\p{M}\p{N}._-]{1,40})?)$/u;
let ids = 0;

class MentionBox extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    this.list = document.createElement("ul");
    this.list.className = "mention-list";
    this.list.id = `mentions-${(ids += 1)}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.dataset.sayFound);
    this.said = document.createElement("span");
    this.said.className = "sr";
    this.said.setAttribute("role", "status");
    this.append(this.list, this.said);
    this.area.setAttribute("aria-autocomplete", "list");
    this.area.setAttribute("aria-haspopup", "listbox");
    this.area.setAttribute("aria-controls", this.list.id);
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list?.remove();
    this.said?.remove();
  }

  get begun() {
    const { selectionStart, selectionEnd, value } = this.area;
    return selectionStart === selectionEnd ? value.slice(0, selectionStart).match(BEGUN)?.[1] : undefined;
  }

  get options() {
    return [...this.list.children];
  }

  typed() {
    clearTimeout(this.timer);
    this.asking?.abort();
    const { begun } = this;
    if (begun === undefined) this.close();
    else this.timer = setTimeout(() => this.ask(begun), WAIT);
  }

  async ask(text) {
    const { signal } = (this.asking = new AbortController());
    try {
      const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(text)}`, { signal, headers: { "HX-Request": "true" } });
      if (answer.ok && !answer.redirected && this.begun === text) this.show(await answer.text());
    } catch {
      this.close(); // offline: one can still write a name
    }
  }

  show(html) {
    this.list.innerHTML = html;
    for (const option of this.options) option.id = `mention-${(ids += 1)}`;
    const [first] = this.options;
    if (!first) return this.close();
    this.list.hidden = false;
    this.choose(first);
    this.said.textContent = `${this.dataset.sayFound} ${this.options.map((option) => option.dataset.name).join(", ")}`;
  }

  choose(option) {
    this.chosen = option;
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    this.area.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.said.textContent = "";
    this.area.removeAttribute("aria-activedescendant");
  }

  take(option) {
    const { begun, area } = this;
    if (!option || begun === undefined) return;
    const end = area.selectionStart;
    area.setRangeText(`${option.dataset.text} `, end - begun.length - 1, end, "end");
    this.close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) this.choose(this.options.at((this.options.indexOf(this.chosen) + by) % this.options.length));
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Escape closes the list, not the drawer
  }
}

customElements.define("mention-box", MentionBox);
