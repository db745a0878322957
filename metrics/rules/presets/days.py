"""How an export writes its days: the formats that read all of them, and what is to be asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.rules.dayformats import day_reader
from metrics.rules.daymaps import ISO
from metrics.rules.guesses import FORMATS, NAMED_FORMATS, TWINS
from metrics.rules.presets.preset import MISSING, Head
from metrics.rules.presets.questions import Answers, Question

YEARLESS = ("%b %d", "%B %d", "%d %b", "%d %B", "%d. %b", "%d. %B", "%d.%m.", "%d/%m", "%m/%d")
PLAIN = tuple(form for form in dict.fromkeys((*FORMATS, *NAMED_FORMATS)) if "%z" not in form)
_TWINS = TWINS | {"%d/%m": "%m/%d", "%m/%d": "%d/%m"}
_LEAP = 2000  # a year that has every day


def format_of(
    formats: Mapping[str, Sequence[str]], language: str, head: Head, column: str, answers: Answers,
    questions: list[Question],
) -> dict[str, Any]:  # fmt: skip
    """The format that reads every day of the sample, and its year; what is open is asked.

    The tool's usual `formats` come first, then any that are known, then those without a year.
    """
    texts = [text for text in head.texts(column) if text and text not in MISSING]
    usual = formats.get(language, (ISO,))
    sample = (("sample", ", ".join(texts[:3])), ("column", column))
    fitting = next(
        filter(None, (_fitting(texts, g, language) for g in (usual, PLAIN, YEARLESS))), []
    )
    form = answers.get("day_format", "") or (fitting or usual)[0]
    is_open = not fitting or _TWINS.get(fitting[0]) in fitting
    if is_open and not answers.get("day_format"):
        shown = tuple(fitting or usual)
        questions.append(Question("day_format", "ask_day_format", shown, needed=True, more=sample))
    found: dict[str, Any] = {"format": form}
    if _lacks_year(form):
        found["year"] = int(answers.get("year", "0")) or None
    if found.get("year", form) is None:
        questions.append(Question("year", "ask_year", needed=True, more=sample))
    return found | ({"month_names": language} if language != "en" else {})


def _fitting(texts: Sequence[str], formats: Sequence[str], language: str) -> list[str]:
    return [form for form in formats if _reads(texts, form, language)] if texts else []


def _reads(texts: Sequence[str], form: str, language: str) -> bool:
    read = day_reader(form, language, year=_LEAP if _lacks_year(form) else None)
    return all(read(text) is not None for text in texts)


def _lacks_year(form: str) -> bool:
    return "%y" not in form.lower()
