// <attach-files data-list data-say-sent data-say-pasted> around a form with a file field: files that are chosen, dropped
// on its section or pasted into a text beside it are sent one by one, with their progress; then the list is fetched.
import htmx from "htmx.org/dist/htmx.esm.js";
import { say } from "./toast-note.js";

class AttachFiles extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.form.elements.file;
    this.field.multiple = true;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.place = this.closest(".drawer-b, .card-page") ?? this.parentElement;
    this.field.addEventListener("change", () => this.send([...this.field.files]), { signal });
    this.place.addEventListener("dragover", (event) => this.over(event), { signal });
    this.place.addEventListener("dragleave", (event) => this.place.contains(event.relatedTarget) || this.mark(false), { signal });
    this.place.addEventListener("drop", (event) => this.drop(event), { signal });
    this.place.addEventListener("paste", (event) => this.pasted(event), { signal });
  }

  disconnectedCallback() {
    this.stop.abort();
    this.mark(false);
  }

  mark(on) {
    this.place.classList.toggle("is-over", on);
  }

  over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.mark(true);
  }

  drop(event) {
    this.mark(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.send(files);
  }

  async pasted(event) {
    const pictures = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    const area = event.target.closest("textarea");
    if (!pictures.length || !area) return;
    event.preventDefault();
    for (const { id, name } of await this.send(pictures, this.dataset.sayPasted)) {
      area.setRangeText(`![${name.replace(/[[\]]/g, "")}](attachment:${id})`, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  async send(files, unnamed = "file") {
    const sent = [];
    for (const file of files) {
      const name = file.name || unnamed;
      const id = await this.one(file, name);
      if (id) sent.push({ id, name });
    }
    this.field.value = "";
    if (sent.length) {
      say(`${this.dataset.saySent} ${sent.map(({ name }) => name).join(", ")}`, "success");
      await htmx.ajax("GET", this.dataset.list, { source: this, target: "#files", swap: "outerHTML" });
    }
    return sent;
  }

  one(file, name) {
    const words = document.body.dataset;
    const line = document.createElement("p");
    const bar = document.createElement("progress");
    const body = new FormData();
    line.append(name, bar);
    this.querySelector("[data-going]").append(line);
    body.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.append("file", file, name);
    const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
    request.open("POST", this.form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", ({ loaded, total }) => { bar.max = total; bar.value = loaded; });
    return new Promise((resolve) => {
      const done = (fault) => {
        line.remove();
        if (fault) say(`${name}: ${fault}`, "error");
        resolve(fault ? "" : request.getResponseHeader("X-Attachment"));
      };
      request.addEventListener("load", () => done(request.status === 200 ? "" : this.why(request) || words.say500));
      request.addEventListener("error", () => done(words.sayOffline));
      request.send(body);
    });
  }

  why(request) {
    const paper = new DOMParser().parseFromString(request.responseText, "text/html");
    const template = paper.querySelector("template");
    return (template?.content ?? paper).querySelector("toast-note span")?.textContent ?? "";
  }
}

customElements.define("attach-files", AttachFiles);
