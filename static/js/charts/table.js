// A chart reads its numbers from its own table twin, so the page holds them once and works without script.
const number = (cell) => (cell?.dataset.v === undefined || cell.dataset.v === "" ? null : Number(cell.dataset.v));

/** Turn the twin into rows and columns: { x, short, partial, breaks, notes, columns: [{ role, name, colour, values, texts }] }. */
export function readTable(table) {
  const heads = [...table.tHead.rows].at(-1).cells;
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const columns = [...heads]
    .map((head, at) => ({ head, at }))
    .filter(({ head }) => head.dataset.role)
    .map(({ head, at }) => ({
      role: head.dataset.role,
      name: head.dataset.name ?? head.textContent.trim(),
      colour: Number(head.dataset.colour ?? 0),
      values: rows.map((row) => number(row.cells[at])),
      texts: rows.map((row) => row.cells[at]?.textContent.trim() ?? ""),
    }));
  return {
    x: rows.map((row) => row.cells[0].textContent.trim()),
    short: rows.map((row) => row.cells[0].dataset.short ?? row.cells[0].textContent.trim()),
    partial: rows.map((row) => row.dataset.partial !== undefined),
    breaks: rows.map((row) => row.dataset.break ?? ""),
    notes: rows.map((row) => row.dataset.note ?? ""),
    columns,
  };
}

export const ofRole = (data, role) => data.columns.filter((column) => column.role === role);
export const known = (data) => [...ofRole(data, "value"), ...ofRole(data, "high")].some(({ values }) => values.some((value) => value !== null));
