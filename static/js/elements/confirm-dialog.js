// <confirm-dialog> in #confirm: asks once, naming what goes. Serves data-confirm (plain forms) and hx-confirm.
class ConfirmDialog extends HTMLElement {
  connectedCallback() {
    this.dialog = this.closest("dialog");
    this.words = this.querySelector(".dialog-text");
    this.abort = new AbortController();
    const { signal } = this.abort;
    document.addEventListener("submit", (event) => this.submitted(event), { signal, capture: true });
    document.addEventListener("htmx:confirm", (event) => this.requested(event), { signal });
  }

  disconnectedCallback() {
    this.abort.abort();
  }

  ask(question) {
    this.words.textContent = question;
    this.dialog.returnValue = "no";
    this.dialog.showModal();
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => resolve(this.dialog.returnValue === "yes"), { once: true });
    });
  }

  async submitted(event) {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed !== undefined) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (!(await this.ask(question))) return;
    form.dataset.confirmed = "";
    form.requestSubmit(submitter?.form === form ? submitter : undefined);
  }

  async requested(event) {
    const { ctx, issueRequest, dropRequest } = event.detail;
    if (!ctx?.confirm) return;
    event.preventDefault();
    if (await this.ask(ctx.confirm)) issueRequest();
    else dropRequest?.();
  }
}

customElements.define("confirm-dialog", ConfirmDialog);
