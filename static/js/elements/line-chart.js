// <line-chart>: draws its own table twin with ECharts; the twin stays for everybody.
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { options } from "../charts/options.js";
import { withNotes } from "../charts/notes.js";
import { palette } from "../charts/palette.js";
import { readTable } from "../charts/table.js";

echarts.use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

class LineChartElement extends HTMLElement {
  connectedCallback() {
    this.plot = this.querySelector(".plot");
    const table = this.querySelector("table");
    if (!this.plot || !table || this.chart) return;
    this.table = readTable(table);
    this.paint = () => this.draw();
    this.draw();
    document.documentElement.addEventListener("themechange", this.paint);
  }

  /** What the chart is read against, as <chart-notes> tells it. */
  set notes(notes) {
    const table = this.querySelector("table");
    if (!table || !this.plot) return;
    this.table = withNotes(readTable(table), notes);
    this.draw();
  }

  disconnectedCallback() {
    document.documentElement.removeEventListener("themechange", this.paint);
    this.sizes?.disconnect();
    this.chart?.dispose();
    this.chart = undefined;
  }

  get look() {
    const { lang, dir } = document.documentElement;
    const { kind = "line", decimals = "0", unit = "" } = this.dataset;
    return {
      kind, unit, lang, rtl: dir === "rtl", decimals: Number(decimals),
      stacked: this.dataset.stacked !== undefined, zero: this.dataset.zero !== undefined,
    };
  }

  draw() {
    const drawing = options(this.table, palette(this), this.look);
    if (!drawing) {
      this.classList.add("show-twin", "is-empty");
      return;
    }
    if (!this.chart) this.open();
    this.chart.setOption(drawing, true);
    this.dataset.drawn = "";
  }

  open() {
    this.plot.dir = "ltr"; // apache/echarts#21465: text-anchor flips inside dir=rtl
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", this.dataset.label ?? this.querySelector("caption")?.textContent.trim() ?? "");
    this.chart = echarts.init(this.plot, null, { renderer: "svg" });
    this.sizes = new ResizeObserver(() => this.chart?.resize());
    this.sizes.observe(this.plot);
  }
}

customElements.define("line-chart", LineChartElement);
