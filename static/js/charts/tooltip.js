// The tooltip is built of elements and classes: the policy allows no style attribute.
const element = (name, text, className = "") => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
};

/** One bucket: its name, every column that has a number there in the table's own words, and its note. */
export function tooltip(data, at) {
  const box = element("div", "", "tip");
  box.dir = document.documentElement.dir;
  box.append(element("b", data.x[at]));
  for (const { name, values, texts, role } of data.columns) {
    if ((values[at] === null && role !== "value") || !texts[at]) continue;
    const row = element("div", "");
    row.append(element("span", name), element("em", texts[at]));
    box.append(row);
  }
  if (data.notes[at]) box.append(element("small", data.notes[at]));
  return box;
}
