// What is neither a line nor a bar: bands on top of each other, and single dots.
const quiet = { type: "line", animation: false, emphasis: { disabled: true } };

/** A band of a cumulative flow: its height is the value, it stands on those before it. */
export function area({ name, values }, _data, colour) {
  return [{ ...quiet, name, data: values, stack: "value", symbol: "none", z: 3, lineStyle: { color: colour, width: 1 }, itemStyle: { color: colour }, areaStyle: { color: colour, opacity: 0.85 } }];
}

/** One dot a row, in the order of the rows. */
export function dots({ name, values }, _data, colour) {
  return [{ ...quiet, name, data: values, symbol: "circle", symbolSize: 7, showAllSymbol: true, z: 5, lineStyle: { opacity: 0 }, itemStyle: { color: colour, opacity: 0.75 } }];
}
