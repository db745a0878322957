// Targets and benchmarks become columns of the drawing, notes become pins; the table itself stays as it is.
const PIN = 16;

const holds = (note, name) => note.at === null || note.at.includes(name);

/** The data of a table with its notes: more columns, and `pins` as [{ at, texts }]. */
export function withNotes(data, notes) {
  const columns = notes
    .filter(({ kind }) => kind !== "note")
    .map((note) => ({
      role: note.kind,
      name: note.name,
      mark: note.mark,
      values: data.x.map((name) => (holds(note, name) ? note.level : null)),
      texts: data.x.map((name) => (holds(note, name) ? note.text : "")),
    }))
    .filter(({ values }) => values.some((value) => value !== null));
  const pins = data.x
    .map((name, at) => ({ at, texts: notes.filter((note) => note.kind === "note" && holds(note, name)).map((note) => note.name) }))
    .filter(({ texts }) => texts.length);
  const said = new Map(pins.map(({ at, texts }) => [at, texts.join(" · ")]));
  const told = data.notes.map((text, at) => [text, said.get(at)].filter(Boolean).join(" · "));
  return { ...data, columns: [...data.columns, ...columns], notes: told, pins };
}

/** Pins along the top of the plot, one for each bucket with notes. */
export function pinsOf(data, colours, top) {
  if (!data.pins?.length) return [];
  const places = new Set(data.pins.map(({ at }) => at));
  return [{
    type: "line", name: "", z: 8, silent: true, symbol: "pin", symbolSize: PIN, showAllSymbol: true,
    data: data.x.map((_, at) => (places.has(at) ? top : null)),
    lineStyle: { opacity: 0 }, itemStyle: { color: colours.series[1] }, emphasis: { disabled: true },
  }];
}
