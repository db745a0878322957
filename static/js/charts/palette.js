// Colours of the theme that is on: light-dark() resolves only on a real colour property, so a probe answers.
const SERIES = 8;
const NAMES = ["c-actual", "c-bar", "c-fan", "c-target", "c-past", "c-grid", "text", "muted", "faint", "surface", "raised", "line-strong"];

export function palette(near) {
  const probe = document.createElement("i");
  near.append(probe);
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
  colours.series = Array.from({ length: SERIES }, (_, at) => read(`c-s${at + 1}`));
  colours.font = getComputedStyle(near).fontFamily;
  probe.remove();
  return colours;
}
