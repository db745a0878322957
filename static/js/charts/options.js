// What ECharts draws: same palette, axes and tooltip everywhere; null is a gap; an incomplete bucket is hatched or dotted.
import { pinsOf } from "./notes.js";
import { scaleOf } from "./scale.js";
import { area, dots } from "./shapes.js";
import { known, ofRole } from "./table.js";
import { tooltip } from "./tooltip.js";

const CROWDED = 45;
const HUGE = 100_000;
const DASH = [5, 4];
const DOTS = [2, 3];
const SOFT = 0.85;
const LETTER = 6.5;
const MARK = 84; // the width of a benchmark's mark beside several lines, which it would cross
const TURN = -Math.PI / 4;

function axisWords({ places }, { lang, unit }) {
  const plain = new Intl.NumberFormat(lang, { minimumFractionDigits: places, maximumFractionDigits: places });
  const compact = new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: 1 });
  const percent = lang.startsWith("fa") ? "٪" : "\u202f%";
  const ending = unit === "%" ? percent : "";
  return (value) => (Math.abs(value) >= HUGE ? compact : plain).format(value).replace("-", "\u2212") + ending;
}

/** The plot itself is left to right, so each label carries its own direction. */
const isolate = (text, { rtl }) => (rtl ? `\u2067${text}\u2069` : text);

/** The room of a mirrored plot, by its longest number: of an inverse axis ECharts contains the labels wrongly. */
function mirrored({ min, max, step }, words, { beside }) {
  const longest = Math.max(...[min, min + step, max].map((value) => words(value).length));
  return { top: 18, bottom: 26, left: beside ? MARK : 4, right: 16 + longest * LETTER, outerBoundsMode: "none" };
}

function frame(data, colours, look) {
  const scale = scaleOf(data, look);
  const words = axisWords(scale, look);
  return {
    animation: false,
    textStyle: { fontFamily: colours.font, fontSize: 11, color: colours.muted },
    grid: look.rtl ? mirrored(scale, words, look) : { top: 14, bottom: 4, left: 4, right: look.beside ? MARK : 12, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "category", data: data.short.map((text) => isolate(text, look)), inverse: look.rtl, boundaryGap: look.kind === "bar" || (look.kind !== "area" && data.x.length <= CROWDED), axisTick: { show: false },
      axisLine: { lineStyle: { color: colours["line-strong"] } },
      axisLabel: { color: colours.muted, fontSize: 11, margin: 9, hideOverlap: true, ...(look.rtl && { alignMinLabel: "right", alignMaxLabel: "left" }) },
    },
    yAxis: {
      type: "value", position: look.rtl ? "right" : "left", min: scale.min, max: scale.max, interval: scale.step,
      axisLabel: { color: colours.faint, fontSize: 11, formatter: (value) => isolate(words(value), look) },
      splitLine: { lineStyle: { color: colours["c-grid"] } },
    },
    tooltip: {
      trigger: "axis", confine: true, transitionDuration: 0, padding: 10, borderWidth: 1,
      backgroundColor: colours.raised, borderColor: colours["line-strong"], extraCssText: "",
      axisPointer: { type: "line", lineStyle: { color: colours["line-strong"], type: "solid" } },
      formatter: (points) => tooltip(data, points[0].dataIndex),
    },
  };
}

const quiet = { type: "line", symbol: "none", silent: true, emphasis: { disabled: true } };

function guide({ name, values }, colour, dash, width = 1.5) {
  return { ...quiet, name, data: values, z: 6, lineStyle: { color: colour, width, type: dash } };
}

function band(low, high, colour, { kind, fan }) {
  if (!low || !high) return [];
  const wide = high.values.map((top, at) => (top === null || low.values[at] === null ? null : top - low.values[at]));
  if (fan && kind === "bar") return posts(low, high, wide, colour);
  const invisible = { lineStyle: { opacity: 0 }, stack: "band", stackStrategy: "all", z: 1, connectNulls: fan };
  return [
    { ...quiet, ...invisible, name: low.name, data: low.values },
    { ...quiet, ...invisible, name: high.name, data: wide, areaStyle: { color: colour, opacity: 1 } },
  ];
}

/** The band of each period by itself, as bars that stand off the ground. */
function posts(low, high, wide, colour) {
  const post = { type: "bar", stack: "band", stackStrategy: "all", silent: true, z: 2, barMaxWidth: 44, barCategoryGap: "38%", barGap: "-100%", emphasis: { disabled: true } };
  return [
    { ...post, name: low.name, data: low.values, itemStyle: { color: "transparent" } },
    { ...post, name: high.name, data: wide, itemStyle: { color: colour, borderRadius: 3 } },
  ];
}

/** What is most likely to come: a dotted line, or a dash on each bar. */
function middle(column, colours, { kind }) {
  const dash = { lineStyle: { opacity: 0 }, symbol: "rect", symbolSize: [12, 2], showAllSymbol: true, itemStyle: { color: colours["c-actual"] } };
  return { ...guide(column, colours["c-actual"], DOTS, 2), z: 7, connectNulls: true, ...(kind === "bar" && dash) };
}

/** A fan begins where the values end: the last one before it belongs to the band and its middle. */
function opened(data) {
  const fan = ofRole(data, "middle")[0];
  if (!fan) return data;
  const at = fan.values.findIndex((value) => value !== null) - 1;
  const last = ofRole(data, "value")[0]?.values[at] ?? null;
  if (last === null) return data;
  const begin = (column) => ({ ...column, values: column.values.map((value, place) => (place === at ? last : value)) });
  return { ...data, columns: data.columns.map((column) => (["low", "middle", "high"].includes(column.role) ? begin(column) : column)) };
}

/** Two lines: solid through whole buckets, dotted to and from the incomplete ones. */
function lines({ name, values }, data, colour, ground) {
  const whole = values.map((value, at) => (data.partial[at] ? null : value));
  const hollow = { symbol: "circle", itemStyle: { color: ground, borderColor: colour, borderWidth: 2 } };
  const near = values.map((value, at) => {
    if (data.partial[at]) return value === null ? null : { value, ...hollow };
    return data.partial[at - 1] || data.partial[at + 1] ? value : null;
  });
  const crowded = values.length > CROWDED;
  const drawn = { type: "line", name, z: 5, itemStyle: { color: colour }, emphasis: { disabled: true } };
  const alone = (value, { dataIndex: at }) => (whole[at - 1] ?? null) === null && (whole[at + 1] ?? null) === null;
  return [
    { ...drawn, data: near, symbol: "none", symbolSize: 6, showAllSymbol: true, lineStyle: { color: colour, width: 2, type: DOTS } },
    { ...drawn, data: whole, symbol: "circle", symbolSize: (value, point) => (crowded && !alone(value, point) ? 0 : 5), showAllSymbol: true, lineStyle: { color: colour, width: crowded ? 1.75 : 2.25 } },
  ];
}

function hatch(colour) {
  return {
    color: "transparent", borderColor: colour, borderWidth: 1,
    decal: { symbol: "rect", color: colour, dashArrayX: [1, 0], dashArrayY: [1.6, 3.2], rotation: TURN },
  };
}

function bars({ name, values }, data, colour, { stacked, alone }) {
  const round = stacked ? 0 : [3, 3, 0, 0];
  const items = values.map((value, at) => (data.partial[at] && value !== null ? { value, itemStyle: { ...hatch(colour), borderRadius: round } } : value));
  return [{
    type: "bar", name, data: items, z: 3, barMaxWidth: 44, barCategoryGap: "38%", barGap: alone ? "-100%" : undefined, stack: stacked ? "value" : undefined,
    itemStyle: { color: colour, borderRadius: round, opacity: stacked ? SOFT : 1 }, emphasis: { disabled: true },
  }];
}

/** A dashed upright where another version of the definition begins, named after it. */
function breaks(data, colours) {
  const marks = data.breaks.flatMap((name, at) => (name ? [{ xAxis: at, name }] : []));
  if (!marks.length) return [];
  const label = { formatter: "{b}", position: "insideEndTop", rotate: 0, color: colours.muted, fontSize: 11 };
  const line = { color: colours["c-target"], width: 1, type: DASH };
  return [{ ...quiet, name: "", data: data.x.map(() => null), markLine: { symbol: "none", silent: true, animation: false, label, lineStyle: line, data: marks } }];
}

/** Whether several lines have no two neighbouring values: nothing would be drawn but lonely dots. */
function isSparse(values, { kind }) {
  const meets = ({ values: of }) => of.some((value, at) => value !== null && (of[at + 1] ?? null) !== null);
  return kind === "line" && values.length > 1 && !values.some(meets);
}

/** A level of others: dotted through the whole plot, named on the line where it has a mark. */
function benchmark({ name, mark, values }, data, colours, { rtl, beside }) {
  const inside = rtl ? "insideStartTop" : "insideEndTop";
  const level = values.find((value) => value !== null);
  const label = { show: Boolean(mark), formatter: mark, position: beside ? "end" : inside, color: colours.muted, fontSize: 11 };
  const line = { color: colours["c-past"], width: 1.5, type: DOTS };
  return { ...quiet, name, z: 6, data: data.x.map(() => null), markLine: { symbol: "none", silent: true, animation: false, label, lineStyle: line, data: [{ yAxis: level }] } };
}

/** The whole drawing of a table twin; `asked` = { kind, stacked, zero, decimals, unit, lang, rtl }. */
export function options(told, colours, asked) {
  if (!known(told)) return null;
  const data = asked.kind === "line" ? opened(told) : told;
  const values = ofRole(data, "value");
  const sparse = isSparse(values, asked);
  const seen = sparse ? { ...asked, kind: "bar", alone: data.x.every((_, at) => values.filter(({ values: of }) => of[at] !== null).length < 2) } : asked;
  const fan = ofRole(data, "middle").length > 0;
  const look = { ...seen, fan, alone: seen.alone || fan, beside: values.length > 1 && ofRole(data, "benchmark").some(({ mark }) => mark) };
  const one = look.kind === "bar" ? colours["c-bar"] : colours["c-actual"];
  const colour = (column, at) => (column.colour || values.length > 1 ? colours.series[((column.colour || at + 1) - 1) % colours.series.length] : one);
  const shape = { bar: bars, area, dots }[look.kind];
  const main = (column, at) => (shape ? shape(column, data, colour(column, at), look) : lines(column, data, colour(column, at), colours.surface));
  return {
    ...frame(data, colours, look),
    series: [
      ...band(ofRole(data, "low")[0], ofRole(data, "high")[0], colours["c-fan"], look),
      ...ofRole(data, "middle").map((column) => middle(column, colours, look)),
      ...ofRole(data, "past").map((column) => guide(column, colours["c-past"], "solid")),
      ...values.flatMap(main),
      ...ofRole(data, "expected").map((column) => guide(column, colours["c-target"], DASH)),
      ...ofRole(data, "target").map((column) => guide(column, colours["c-target"], DASH)),
      ...ofRole(data, "benchmark").map((column) => benchmark(column, data, colours, look)),
      ...pinsOf(data, colours, scaleOf(data, look).max),
      ...breaks(data, colours),
    ],
  };
}
