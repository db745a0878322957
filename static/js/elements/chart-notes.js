// <chart-notes data-for="id">: what a chart is read against, told to the <line-chart> of that id wherever it is.
class ChartNotes extends HTMLElement {
  connectedCallback() {
    this.tell = () => {
      const chart = document.getElementById(this.dataset.for);
      if (chart) chart.notes = this.read();
    };
    customElements.whenDefined("line-chart").then(this.tell);
  }

  /** [{ kind, name, level, text, at }]: at are names of buckets, none for all. */
  read() {
    return [...this.children].map(({ dataset }) => {
      const kind = ["note", "target", "benchmark"].find((name) => dataset[name] !== undefined);
      return { kind, name: dataset[kind], level: Number(dataset.level), text: dataset.text ?? "", at: dataset.at?.split("|") ?? null };
    });
  }
}

customElements.define("chart-notes", ChartNotes);
