// Days of a card as text (2026-03-04, "" for none): moved by some days, and in words.
const DAY = 86_400_000;
const later = (day, days) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** Both days, or one end, so many days later; null where the card would end before it starts. */
export function moved({ start, due }, part, days) {
  if (part === "both") return { start: start && later(start, days), due: due && later(due, days) };
  const next = part === "end" ? { start: start || due, due: later(due || start, days) } : { start: later(start || due, days), due: due || start };
  return next.start <= next.due ? next : null;
}

/** The days as people of the page's language write them. */
export function words({ start, due }) {
  const form = new Intl.DateTimeFormat(document.documentElement.lang || "en", { day: "numeric", month: "short", timeZone: "UTC" });
  const days = [start, due].filter(Boolean).map((day) => new Date(day));
  return days.length > 1 ? form.formatRange(...days) : form.format(days[0]);
}
