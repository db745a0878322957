// <chart-notes data-for="id">: what a chart is read against, told to the <line-chart> of that id wherever it is.
const KEYS = { target: "k-target", benchmark: "k-benchmark" };

class ChartNotes extends HTMLElement {
  connectedCallback() {
    this.tell = () => {
      const chart = document.getElementById(this.dataset.for);
      if (!chart) return;
      chart.notes = this.read();
      this.explain(chart.parentElement.querySelector(".key"));
    };
    customElements.whenDefined("line-chart").then(this.tell);
  }

  /** The key below the chart says what the lines are, once each. */
  explain(key) {
    for (const { kind, name } of this.read()) {
      const known = key && [...key.children].some((entry) => entry.textContent === name);
      if (!key || known || !KEYS[kind]) continue;
      const entry = document.createElement("span");
      const mark = document.createElement("i");
      mark.className = KEYS[kind];
      entry.append(mark, name);
      key.append(entry);
    }
  }

  /** [{ kind, name, mark, level, text, at }]: at are names of buckets, none for all. */
  read() {
    return [...this.children].map(({ dataset }) => {
      const kind = ["note", "target", "benchmark"].find((name) => dataset[name] !== undefined);
      return { kind, name: dataset[kind], mark: dataset.mark ?? "", level: Number(dataset.level), text: dataset.text ?? "", at: dataset.at?.split("|") ?? null };
    });
  }
}

customElements.define("chart-notes", ChartNotes);
