// <command-palette>: filters the links that the server wrote; arrows choose, Enter goes.
class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.closest("dialog");
    this.input = this.querySelector("input");
    this.none = this.querySelector(".palette-none");
    this.links = [...this.querySelectorAll(".palette-list a")];
    this.links.forEach((link, at) => {
      link.id ||= `palette-${at}`;
      link.setAttribute("role", "option");
      link.tabIndex = -1;
    });
    this.dialog.addEventListener("dialog:open", () => this.reset());
    this.input.addEventListener("input", () => this.filter());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  get shown() {
    return this.links.filter((link) => !link.hidden);
  }

  reset() {
    this.input.value = "";
    this.filter();
    this.input.focus();
  }

  filter() {
    const words = this.input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const link of this.links) {
      const text = link.textContent.toLocaleLowerCase();
      link.hidden = !words.every((word) => text.includes(word));
    }
    this.none.hidden = this.shown.length > 0;
    this.choose(this.shown[0]);
  }

  choose(link) {
    this.chosen = link;
    for (const other of this.links) other.setAttribute("aria-selected", String(other === link));
    if (link) this.input.setAttribute("aria-activedescendant", link.id);
    else this.input.removeAttribute("aria-activedescendant");
    link?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      const { shown } = this;
      this.choose(shown.at((shown.indexOf(this.chosen) + by) % Math.max(shown.length, 1)));
    } else if (event.key === "Enter" && this.chosen) this.chosen.click();
    else return;
    event.preventDefault();
  }
}

customElements.define("command-palette", CommandPalette);
