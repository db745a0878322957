// <copy-button data-from="id" data-done="Copied"> around a button: copies that element's text and says so.
class CopyButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => this.copy());
  }

  async copy() {
    const source = document.getElementById(this.dataset.from);
    const text = this.dataset.text ?? source?.textContent.trim() ?? "";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (source) getSelection().selectAllChildren(source);
      return;
    }
    const live = document.querySelector("[data-live]");
    if (live) live.textContent = this.dataset.done ?? "";
    const words = this.querySelector("[data-words]");
    if (!words || !this.dataset.done) return;
    const before = words.textContent;
    words.textContent = this.dataset.done;
    setTimeout(() => { words.textContent = before; }, 1600);
  }
}

customElements.define("copy-button", CopyButton);
