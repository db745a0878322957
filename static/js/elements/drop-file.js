// <drop-file> around a form with a file field: a file dropped anywhere on the page is put into it and sent.
class DropFile extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    addEventListener("dragover", (event) => this.over(event), { signal });
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) this.mark(false); }, { signal });
    addEventListener("drop", (event) => this.take(event), { signal });
  }

  disconnectedCallback() {
    this.stop.abort();
  }

  over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.mark(true);
  }

  take(event) {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    this.mark(false);
    const field = this.querySelector("input[type=file]");
    const held = new DataTransfer();
    held.items.add(file);
    field.files = held.files;
    field.form.requestSubmit();
  }

  mark(on) {
    this.toggleAttribute("data-over", on);
  }
}

customElements.define("drop-file", DropFile);
