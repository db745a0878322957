"""From a preset and the beginning of a file to a mapping document, and what has to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from metrics.rules.dayformats import day_reader
from metrics.rules.days import read_day
from metrics.rules.dims import MOST_DIMS
from metrics.rules.guesses import metric_key
from metrics.rules.mapping import REPLACE_DAYS
from metrics.rules.money import currencies_of, is_code, sign_in
from metrics.rules.periods import Span
from metrics.rules.presets.ads import META_ADS, META_RANGES
from metrics.rules.presets.days import format_of
from metrics.rules.presets.preset import (
    MARKS,
    MISSING,
    Head,
    Measure,
    Preset,
    column_for,
    currency_in,
)
from metrics.rules.presets.questions import Answers, Question
from metrics.rules.presets.stated import is_all_time, period_in


@dataclass
class Description:
    """The mapping document as far as it can be told, and the questions about it."""

    document: dict[str, Any]
    questions: list[Question] = field(default_factory=list)


def file_part(preset: Preset, language: str, head: Head, answers: Answers) -> dict[str, Any]:
    """The `file` part: marks of the language, and the rows that are no data."""
    decimal, thousands = MARKS[language]
    skipped = {
        column: [""]
        for labels in preset.skip_empty
        if (column := column_for(labels, language, head.columns))
    }
    for labels, texts in preset.skip_where:
        if column := column_for(labels, language, head.columns):
            skipped[column] = list(texts)
    if preset.open:  # saved again by a spreadsheet, the word of a total stands in its own column
        unnamed = [column for column in head.columns if column.startswith("#")]
        skipped |= {column: list(preset.skip_first_cell) for column in unnamed}
    found: dict[str, Any] = {
        "encoding": answers.get("encoding", ""),
        "decimal": decimal,
        "thousands": thousands,
        "missing": list(MISSING),
        "signs": list(preset.signs),
        "skip_first_cell": list(preset.skip_first_cell),
        "skip_where": skipped,
        "footer": list(preset.footer),
        "sheet": answers.get("sheet", ""),
    }
    found = {name: value for name, value in found.items() if value}
    return found | ({"section": int(answers["section"])} if "section" in answers else {})


def describe(preset: Preset, language: str, head: Head, answers: Answers) -> Description:
    """The mapping document of this file; `head` holds rows that are data."""
    found = Description({"version": 1, "source": preset.source})
    found.document["file"] = file_part(preset, language, head, answers)
    found.document["day"] = _day(preset, language, head, answers, found.questions)
    found.document["key"] = [
        column for labels in preset.key if (column := column_for(labels, language, head.columns))
    ]
    if preset.state and not found.document["key"]:
        found.document["mode"] = REPLACE_DAYS
    dims = _dims(preset, language, head)
    found.document["dims"] = {name: {"column": column} for name, column in dims.items()}
    currency = _currency(preset, language, head, answers, found)
    if signs := found.document["file"].pop("signs", ()):
        fitting = [sign for sign in signs if currency in currencies_of(sign)]
        found.document["file"] |= {"signs": fitting} if fitting else {}
    found.document["metrics"], found.document["create"] = [], []
    for measure in (_renamed(one, currency, answers) for one in preset.measures):
        entry = _entry(measure, language, head)
        if entry:
            found.document["metrics"].append(entry)
            found.document["create"].append(_definition(measure, currency))
    return found


def _dims(preset: Preset, language: str, head: Head) -> dict[str, str]:
    """The dimensions by name; an open preset takes all that stands left of the numbers."""
    if not preset.open:
        named = {
            name: column_for(labels, language, head.columns) for name, labels in preset.dims.items()
        }
        return {name: column for name, column in named.items() if column}
    measured = {column_for(measure.labels, "en", head.columns) for measure in preset.measures}
    day = column_for(preset.day, "en", head.columns)
    found: dict[str, str] = {}
    for column in head.columns:
        if column in measured:
            break
        if column != day:
            found[metric_key(column.partition("(")[0].strip() or column)] = column
    return dict(list(found.items())[:MOST_DIMS])


def _entry(measure: Measure, language: str, head: Head) -> dict[str, Any]:
    """How the metric is read, or nothing where the file has no column for it."""
    found: dict[str, Any] = {"metric": measure.key}
    when = {}
    for labels, texts in measure.when:
        column = column_for(labels, language, head.columns)
        if not column:
            return {}
        when[column] = list(texts)
    if when:
        found["when"] = when
    if not measure.labels:
        return found | {"constant": "1"}
    column = column_for(measure.labels, language, head.columns)
    return found | {"column": column} if column else {}


def _renamed(measure: Measure, currency: str, answers: Answers) -> Measure:
    """The measure under the key that was answered: that of the tool may be in another currency."""
    key = answers.get(measure.key, measure.key)
    if key == measure.key:
        return measure
    return replace(measure, key=key, name=f"{measure.name} ({currency or key})")


def _definition(measure: Measure, currency: str) -> dict[str, Any]:
    """Money without a known currency is a plain number."""
    unit = "number" if measure.unit == "currency" and not currency else measure.unit
    found: dict[str, Any] = {
        "key": measure.key, "name": measure.name, "kind": measure.kind, "unit": unit,
        "decimals": measure.decimals, "direction": measure.direction,
    }  # fmt: skip
    return found | ({"currency": currency} if unit == "currency" else {})


def _currency(
    preset: Preset, language: str, head: Head, answers: Answers, found: Description
) -> str:
    """The one currency of the file: in a header, in a column, or as answered; else nothing."""
    money = [measure for measure in preset.measures if measure.unit == "currency"]
    columns = [column_for(measure.labels, language, head.columns) for measure in money]
    if not any(columns):
        return ""
    for measure, name in zip(money, columns, strict=True):
        if stated := currency_in(measure.labels, language, name):
            return stated
    column = column_for(preset.currency, language, head.columns)
    codes = sorted({text for text in head.texts(column) if is_code(text)}) if column else []
    signs = _signs(head, columns) if preset.signs else []
    if signs and not codes:
        answered = answers.get("currency", "").upper()
        return answered if is_code(answered) else currencies_of(signs[0])[0]
    if len(codes) == 1:
        found.document["expect"] = {column: codes[0]}
        return codes[0]
    chosen = answers.get("currency", "").upper()
    question = Question("currency", "ask_currency", tuple(codes), chosen, needed=len(codes) > 1)
    if len(codes) > 1 and chosen in codes:
        skipped = found.document["file"].setdefault("skip_where", {})
        skipped[column] = [code for code in codes if code != chosen]
        found.document["expect"] = {column: chosen}
        question = Question("currency", "ask_currency", tuple(codes), chosen)
    found.questions.append(question)
    return chosen if is_code(chosen) else ""


def _signs(head: Head, columns: Sequence[str]) -> list[str]:
    """The signs of money beside the amounts of the sample, in their order."""
    texts = (text for column in columns if column for text in head.texts(column))
    return [sign for sign in dict.fromkeys(map(sign_in, texts)) if sign]


def _day(
    preset: Preset, language: str, head: Head, answers: Answers, questions: list[Question]
) -> dict[str, Any]:
    """The `day` part: a column, a range of each row, or one day for all rows."""
    period = period_in(head.above)
    column = next(
        (
            name
            for label in preset.day.get(language, ())
            if (name := column_for({language: (label,)}, language, head.columns))
        ),
        "",
    )
    starts, ends = (column_for(labels, language, head.columns) for labels in META_RANGES)
    if not column and preset is META_ADS and starts and ends:
        form = format_of(preset.formats, language, head, starts, answers, questions)
        return {"from": starts, "to": ends, "span": "last_day"} | form
    if column and not _is_period(head, column, period, preset, language):
        form = format_of(preset.formats, language, head, column, answers, questions)
        return {"column": column} | form
    return _fixed(head, period, answers, questions)


def _is_period(head: Head, column: str, period: Span | None, preset: Preset, language: str) -> bool:
    """Whether each row begins where the report does: then it covers the whole report."""
    if period is None or period.days == 1:
        return False
    texts = set(head.texts(column))
    reads = [day_reader(form) for form in preset.formats.get(language, ())]
    return len(texts) == 1 and any(read(next(iter(texts))) == period.first for read in reads)


def _fixed(
    head: Head, period: Span | None, answers: Answers, questions: list[Question]
) -> dict[str, Any]:
    """One day for all rows: the last of the stated period, or the one that was answered."""
    day = read_day(answers.get("day", "")) or (period.last if period else None)
    span = answers.get("span", "")
    days = int(span) if span.isdigit() and int(span) else _days(period, day)
    said = "all_time" if is_all_time(head.above) else "nothing"
    stated = f"{period.first} – {period.last}" if period else ""
    questions.append(
        Question(
            "day",
            "ask_day_all_time" if said == "all_time" else "ask_day",
            proposal=day.isoformat() if day else "",
            needed=day is None,
            more=(("stated", stated), ("span", str(days))),
        )
    )
    return {"fixed": day.isoformat() if day else "", "span": days}


def _days(period: Span | None, day: date | None) -> int:
    """The days of the period, if its last one is meant."""
    return period.days if period and day == period.last else 1
