// <toast-note>: goes by itself after a while unless it is an error, is hovered or holds the focus.
const SHORT = 6000;
const LONG = 12000;

class ToastNote extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("[data-dismiss]")) this.addEventListener("click", (event) => {
      if (event.target.closest("[data-dismiss]")) this.remove();
    });
    this.addEventListener("htmx:finally:request", () => this.remove()); // what it offered is done
    if (this.classList.contains("toast-error")) return;
    this.start();
    for (const name of ["pointerenter", "focusin"]) this.addEventListener(name, () => clearTimeout(this.timer));
    for (const name of ["pointerleave", "focusout"]) this.addEventListener(name, () => this.start());
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  start() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remove(), this.querySelector("form, a") ? LONG : SHORT);
  }
}

customElements.define("toast-note", ToastNote);

/** Show a toast that the server did not write. */
export function say(text, tone = "success") {
  const toasts = document.getElementById("toasts");
  if (!toasts || !text) return;
  const note = document.createElement("toast-note");
  note.className = `toast-u toast-${tone}`;
  note.setAttribute("role", tone === "error" ? "alert" : "status");
  const words = document.createElement("span");
  words.textContent = text;
  const gone = document.createElement("button");
  gone.type = "button";
  gone.dataset.dismiss = "";
  gone.textContent = document.body.dataset.sayDismiss;
  note.append(words, gone);
  toasts.append(note);
}
