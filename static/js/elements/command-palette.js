// <command-palette>: filters the links that the server wrote, and asks the server for goals, cards, people of that
// name; arrows choose, Enter goes. What was found before stays, filtered, until the next answer is there.
const WAIT = 150;
let ids = 0;

class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.closest("dialog");
    this.input = this.querySelector("input");
    this.none = this.querySelector(".palette-none");
    this.count = this.querySelector("[role=status]");
    this.found = this.querySelector("[data-found]");
    this.nothing = this.none.textContent;
    this.adopt();
    this.dialog.addEventListener("dialog:open", () => this.reset());
    this.dialog.addEventListener("close", () => this.stop());
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("click", (event) => event.target.closest("a") && this.dialog.close());
  }

  get links() {
    return [...this.querySelectorAll(".palette-list a")];
  }

  get shown() {
    return this.links.filter((link) => !link.hidden);
  }

  adopt() {
    for (const link of this.links.filter((one) => !one.id)) {
      link.id = `palette-${(ids += 1)}`;
      link.setAttribute("role", "option");
      link.tabIndex = -1;
    }
  }

  reset() {
    this.input.value = "";
    this.typed();
    this.input.focus();
  }

  stop() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.pending = this.eager = false;
  }

  typed() {
    const text = this.input.value.trim();
    this.stop();
    this.moved = false;
    this.none.textContent = this.nothing;
    this.count.textContent = "";
    this.pending = Boolean(text);
    if (text) this.timer = setTimeout(() => this.ask(text), WAIT);
    else this.fill("");
    this.filter();
  }

  filter() {
    const words = this.input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const link of this.links) {
      const text = link.textContent.toLocaleLowerCase();
      link.hidden = !words.every((word) => text.includes(word));
    }
    this.settle();
  }

  async ask(text) {
    const { signal } = (this.asking = new AbortController());
    const words = document.body.dataset;
    try {
      const address = `${this.dataset.search}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { signal, headers: { "HX-Request": "true" } });
      if (answer.redirected) return void location.reload(); // the session is over
      this.answered(await answer.text(), answer.ok ? "" : words.say500);
    } catch {
      if (!signal.aborted) this.answered("", words.sayOffline);
    }
  }

  answered(html, fault) {
    this.fill(fault ? "" : html);
    if (fault) this.none.textContent = fault;
    this.pending = false;
    this.settle();
    if (this.eager) this.chosen?.click();
  }

  fill(html) {
    this.found.innerHTML = html;
    const count = this.found.querySelector("[data-count]");
    this.count.textContent = count?.textContent ?? "";
    count?.remove();
    this.adopt();
  }

  settle() {
    const { shown } = this;
    const before = this.moved && shown.find((link) => link.href === this.chosen?.href);
    this.found.hidden = !this.found.querySelector("a:not([hidden])");
    this.none.hidden = shown.length > 0 || this.pending;
    this.input.setAttribute("aria-expanded", String(shown.length > 0));
    this.choose(before || shown[0]);
  }

  choose(link) {
    this.chosen = link;
    for (const other of this.links) other.setAttribute("aria-selected", String(other === link));
    if (link) this.input.setAttribute("aria-activedescendant", link.id);
    else this.input.removeAttribute("aria-activedescendant");
    link?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      const { shown } = this;
      this.moved = true;
      this.choose(shown.at((shown.indexOf(this.chosen) + by) % Math.max(shown.length, 1)));
    } else if (event.key === "Enter") {
      if (this.chosen) this.chosen.click();
      else this.eager = this.pending; // goes when the answer is there
    } else return;
    event.preventDefault();
  }
}

customElements.define("command-palette", CommandPalette);
