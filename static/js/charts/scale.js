// The value axis: about four round steps, zero where bars stand on it, a little air where lines do not.
const TICKS = 4;
const AIR = 0.08;
const ROUND = [1, 2, 5, 10];

function extent(data, stacked) {
  const columns = data.columns.map(({ values }) => values.filter((value) => value !== null));
  const all = columns.flat();
  if (!stacked) return [Math.min(...all), Math.max(...all)];
  const sums = data.x.map((_, at) => data.columns.reduce((sum, { role, values }) => sum + (role === "value" ? (values[at] ?? 0) : 0), 0));
  return [Math.min(...all, ...sums), Math.max(...all, ...sums)];
}

function stepOf(span, decimals) {
  const raw = span / TICKS;
  const base = 10 ** Math.floor(Math.log10(raw));
  const step = base * ROUND.find((times) => times * base >= raw * 0.999);
  return Math.max(step, 10 ** -decimals);
}

/** { min, max, step, places } of the axis. */
export function scaleOf(data, { kind, zero, stacked, decimals }) {
  let [low, high] = extent(data, stacked);
  const grounded = kind === "bar" || zero;
  const span = high - low || Math.abs(high) / 5 || 1;
  const air = grounded ? 0 : span * AIR;
  if (grounded) [low, high] = [Math.min(0, low), Math.max(0, high)];
  else [low, high] = [low >= 0 ? Math.max(0, low - air) : low - air, high + air];
  const step = stepOf(high - low || span, decimals);
  const places = Math.min(decimals, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  const tidy = (steps) => Number((steps * step).toPrecision(12));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return { min: tidy(first), max: tidy(last), step, places };
}
