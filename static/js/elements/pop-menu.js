// <pop-menu> around <details>: its list stays inside the window; Escape and an outside click close it, arrow keys move through it.
const EDGE = 8;

class PopMenu extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector(":scope > details");
    this.summary = this.details.querySelector("summary");
    this.outside = (event) => {
      if (!this.contains(event.target)) this.close();
    };
    this.details.addEventListener("toggle", () => this.toggled());
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.contains(event.relatedTarget)) this.close();
    });
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.outside);
  }

  get items() {
    return [...this.querySelectorAll(".menu-list :is(a[href], button:not(:disabled))")].filter((item) => item.checkVisibility());
  }

  close() {
    this.details.open = false;
  }

  toggled() {
    if (!this.details.open) {
      document.removeEventListener("pointerdown", this.outside);
      return;
    }
    document.addEventListener("pointerdown", this.outside);
    this.keepInside();
  }

  /** Shift a list that would run over an edge of the window. */
  keepInside() {
    const list = this.querySelector(".menu-list");
    list.style.translate = "";
    const { left, right } = list.getBoundingClientRect();
    const over = Math.max(0, right - document.documentElement.clientWidth + EDGE);
    const shift = left - over < EDGE ? EDGE - left : -over;
    if (shift) list.style.translate = `${shift}px`;
  }

  key(event) {
    if (event.key === "Escape" && this.details.open) {
      event.stopPropagation();
      this.close();
      this.summary.focus();
      return;
    }
    const { items } = this;
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || (at < 0 && event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    this.details.open = true; // at once: a second key may come before the next frame
    const shown = this.items;
    (shown.at(to % Math.max(shown.length, 1)) ?? this.summary).focus();
  }
}

customElements.define("pop-menu", PopMenu);
