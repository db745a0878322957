// <comment-box data-draft data-sent data-say-back>: what is typed is kept in the browser, with its nonce, until the
// server has it; so neither a refusal nor a lost line nor a closed drawer loses it, and sent twice it is said once.
class CommentBox extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.area = this.form.elements.text;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.restore();
    this.form.addEventListener("input", () => this.keep(), { signal });
    this.form.addEventListener("keydown", (event) => this.key(event), { signal });
    this.addEventListener("click", (event) => event.target.closest("[data-no-answer]") && this.answer("", ""), { signal });
    const talk = this.closest(".talk");
    talk.addEventListener("click", (event) => {
      const button = event.target.closest("[data-answer]");
      if (button) this.answer(button.dataset.answer, button.dataset.name, true);
    }, { signal });
  }

  disconnectedCallback() {
    this.stop.abort();
  }

  get store() {
    try {
      return window.localStorage;
    } catch {
      return null; // forbidden by the browser
    }
  }

  restore() {
    const { draft, sent, sayBack } = this.dataset;
    let kept = null;
    try {
      kept = JSON.parse(this.store?.getItem(draft) ?? "null");
    } catch {
      this.store.removeItem(draft);
    }
    if (!kept?.text || (sent && kept.nonce === sent)) {
      this.store?.removeItem(draft);
      if (sent) this.area.focus();
      return;
    }
    this.area.value = kept.text;
    this.form.elements.nonce.value = kept.nonce;
    this.querySelector("[data-note]").textContent = sayBack;
    this.answer(kept.answers, kept.name);
  }

  keep() {
    const { text, nonce, answers } = this.form.elements;
    const name = this.querySelector(".say-re bdi").textContent;
    try {
      if (text.value.trim()) this.store?.setItem(this.dataset.draft, JSON.stringify({ text: text.value, nonce: nonce.value, answers: answers.value, name }));
      else this.store?.removeItem(this.dataset.draft);
    } catch {
      // the browser's room is full: the text still stands in the field
    }
  }

  answer(id, name, isNew = false) {
    const line = this.querySelector(".say-re");
    this.form.elements.answers.value = id ?? "";
    line.querySelector("bdi").textContent = name ?? "";
    line.hidden = !id;
    if (isNew) this.area.focus();
    this.keep();
  }

  key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.form.requestSubmit();
  }
}

customElements.define("comment-box", CommentBox);
