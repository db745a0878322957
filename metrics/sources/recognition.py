"""A file looked at for what it is: the export of a known tool, with a mapping that reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from metrics.rules.daymaps import DayMap
from metrics.rules.documents import Walk
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.fileshapes import FileShape, file_shape, known_encoding
from metrics.rules.mapping import MappingDocument, parse_mapping
from metrics.rules.periods import FIRST_DAY
from metrics.rules.presets.catalogue import PRESETS
from metrics.rules.presets.description import describe, file_part
from metrics.rules.presets.preset import Head, Preset
from metrics.rules.presets.questions import ANSWERS, Answers, Question
from metrics.rules.presets.recognition import matches
from metrics.sources.layout import first_rows, place_header
from metrics.sources.names import unique_names
from metrics.sources.tables import preview, written
from metrics.sources.xlsx_file import ENDING, sheet_names

MEASURED = frozenset(one.key for preset in PRESETS.values() for one in preset.measures)
LOOKED_AT = 5_000
HIGHEST_HEADER = 30
WIDEST = 500  # columns: no known export has half as many, and looking for it takes long
LARGEST_NUMBER = 10_000
ONE_CAMPAIGN = ("email campaign report", "campaign report")  # Mailchimp's report of one campaign


@dataclass(frozen=True)
class Recognition:
    """What a file was recognised as, and what has to be asked before it can be read.

    `mapping` is None while a question that has no proposal is open, or where the file is nothing
    known: `faults` then say why. `draft` is the mapping as far as it is known without the answer.
    """

    preset: Preset | None = None
    mapping: MappingDocument | None = None
    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()
    draft: MappingDocument | None = None

    def required(self) -> MappingDocument:
        """The mapping; Unreadable says why there is none."""
        if self.mapping is None:
            raise Unreadable(*self.faults)
        return self.mapping


def recognise(path: Path, answers: Answers | None = None, name: str = "") -> Recognition:
    """Look at the beginning of a file; `name` is the preset that it is said to be.

    Unreadable where it is no table at all.
    """
    given = {key: text for key, text in (answers or {}).items() if text}
    _check_answers(given)
    wanted = [find_preset(name)] if name else [p for p in PRESETS.values() if p.detect]
    stated = FileShape(
        encoding=known_encoding(given.get("encoding", "")),
        sheet=given.get("sheet", ""),
        section=_section(given),
    )
    if path.suffix == ENDING and not stated.sheet and len(names := sheet_names(path)) > 1:
        return _asked(Question("sheet", "which_sheet", tuple(names), needed=True))
    try:
        placed = place_header(path, written(path, stated))
    except Unreadable as refusal:
        question = _question_of(refusal.faults[0])
        if question is None:
            raise
        return _asked(question)
    return _look(path, placed, wanted, given, named=bool(name))


def find_preset(name: str) -> Preset:
    """The preset of that name; Unreadable lists those that there are."""
    if name not in PRESETS:
        more = (("known", ", ".join(PRESETS)),)
        raise Unreadable(Fault("no_preset", value=name, more=more))
    return PRESETS[name]


def _section(given: Answers) -> int:
    return int(given.get("section", "0"))


def _check_answers(given: Answers) -> None:
    """Unreadable for an answer to a question that is never asked, or that is no number."""
    for key, text in given.items():
        if key not in ANSWERS and key not in MEASURED:
            raise Unreadable(Fault("no_question", value=key, more=(("known", ", ".join(ANSWERS)),)))
        if key == "encoding" and not known_encoding(text):
            pointer = "/answers/encoding"
            raise Unreadable(Fault("mapping_encoding", value=text, pointer=pointer))
        whole = text.isascii() and text.isdigit() and 0 < int(text) < LARGEST_NUMBER
        if key in ("section", "span", "year") and not whole:
            raise Unreadable(Fault("answer_is_no_number", value=text, more=(("name", key),)))


def _look(
    path: Path, placed: FileShape, wanted: Sequence[Preset], given: Answers, *, named: bool
) -> Recognition:
    rows = first_rows(path, placed)
    if max(map(len, rows), default=0) > WIDEST:
        return Recognition(faults=(_why_none((), wanted, named=named),))
    places = _places(placed, rows)
    for row in places:
        above = [",".join(cells).rstrip(",") for cells in _above(placed, rows, row)]
        head = Head(above, unique_names(_at(path, placed, rows, row)))
        found = matches(wanted, head)
        if len(found) > 1:
            names = ", ".join(preset.name for preset, _language in found)
            return Recognition(faults=(Fault("several_presets", more=(("names", names),)),))
        if found:
            preset, language = found[0]
            shape = replace(placed, header_row=row)
            return _describe(path, shape, preset, language, head, given)
    return Recognition(faults=(_why_none(rows, wanted, named=named),))


def _places(placed: FileShape, rows: Sequence[Sequence[str]]) -> Iterable[int]:
    """Rows in which the header may stand; where tables were told apart, that of this one."""
    if placed.section:
        return (placed.header_row,)
    others = range(1, min(len(rows), HIGHEST_HEADER) + 1)
    return dict.fromkeys((placed.header_row, *others))


def _at(path: Path, placed: FileShape, rows: Sequence[list[str]], row: int) -> list[str]:
    """The cells of a row; a later section lies behind the first rows."""
    if row <= len(rows):
        return rows[row - 1]
    return preview(path, replace(placed, header_row=row), rows=1).columns


def _above(placed: FileShape, rows: Sequence[list[str]], row: int) -> Sequence[list[str]]:
    """The lines above the header; the comments at the top hold for later sections too."""
    if not placed.section:
        return rows[: row - 1]
    return [cells for cells in rows if cells and cells[0].startswith("#")]


def _describe(
    path: Path, shape: FileShape, preset: Preset, language: str, head: Head, given: Answers
) -> Recognition:  # fmt: skip
    part = file_part(preset, language, head, given)
    skipping = file_shape(Walk(), part)
    sampled = replace(
        skipping,
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        header_row=shape.header_row,
        section=shape.section,
    )
    try:
        sample = preview(path, sampled, rows=LOOKED_AT)
    except Unreadable as refusal:
        return Recognition(preset, faults=tuple(refusal.faults))
    full = replace(head, rows=[cells for _number, cells in sample.rows], typed=sample.typed)
    found = describe(preset, language, full, given)
    questions = tuple(found.questions)
    if not found.document["metrics"]:
        return Recognition(preset, faults=(Fault("no_counts", value=preset.title),))
    if any(question.needed for question in questions):
        faults = tuple(fault_of(question) for question in questions if question.needed)
        return Recognition(preset, None, questions, faults, _draft(found.document))
    mapping = parse_mapping(found.document)
    return Recognition(preset, mapping, questions, draft=mapping)


def _draft(document: dict[str, Any]) -> MappingDocument:
    """The mapping without the day or the year that nobody has said yet."""
    day = document["day"]
    if day.get("year", day) is None:
        known = parse_mapping(document | {"day": day | {"year": FIRST_DAY.year}})
        return replace(known, day=replace(known.day, year=None))
    if day.get("fixed") != "":
        return parse_mapping(document)
    known = parse_mapping(document | {"day": {"fixed": FIRST_DAY.isoformat()}})
    return replace(known, day=DayMap(span=document["day"]["span"]))


def _asked(question: Question) -> Recognition:
    return Recognition(questions=(question,), faults=(fault_of(question),))


LISTED = {"which_section": ("section", "sections"), "which_encoding": ("encoding", "readings")}
REMARKS = ("one_campaign", "several_presets", "no_counts")


def remarks(found: Recognition) -> list[Fault]:
    """What people should know of a file before they describe it themselves."""
    return [fault for fault in found.faults if fault.code in REMARKS]


def _question_of(fault: Fault) -> Question | None:
    """The question that a refusal is, because of several tables or readings."""
    if fault.code not in LISTED:
        return None
    name, listing = LISTED[fault.code]
    listed = tuple(dict(fault.more)[listing].split("; "))
    return Question(name, fault.code, listed, needed=True, more=fault.more)


def fault_of(question: Question) -> Fault:
    """An open question as what stands in the way of the import."""
    more = (*question.more, ("choices", ", ".join(question.choices)))
    more += (("sheets", ", ".join(question.choices)),)
    column = dict(question.more).get("column", "")
    return Fault(question.code, column=column, pointer=f"/answers/{question.name}", more=more)


SAID = {
    "ask_day": "say_day",
    "ask_day_all_time": "say_day_all_time",
    "ask_day_format": "say_day_format",
    "ask_year": "say_year",
    "ask_currency": "say_currency",
    "which_section": "say_section",
    "which_sheet": "say_sheet",
    "which_encoding": "say_encoding",
}


def told(question: Question) -> Fault:
    """A question as the page tells it: open, or answered by what the file states."""
    stated = dict(question.more)
    if question.code.startswith("ask_day") and question.proposal and stated["stated"]:
        return Fault("day_is_stated", more=(*question.more, ("day", question.proposal)))
    if question.code == "ask_currency" and not question.choices:
        return Fault("currency_unsaid")
    if question.code == "ask_currency" and question.proposal in question.choices:
        return Fault("currency_chosen", value=question.proposal)
    asked = fault_of(question)
    return replace(asked, code=SAID.get(asked.code, asked.code))


def _why_none(rows: Sequence[Sequence[str]], wanted: Sequence[Preset], *, named: bool) -> Fault:
    first = [cells[0].strip().casefold() for cells in rows[:12] if cells]
    if first and first[0] in ONE_CAMPAIGN and any(text.startswith("title:") for text in first):
        return Fault("one_campaign")
    if named:
        needs = [" / ".join(labels.get("en", ())) for labels in wanted[0].needs]
        return Fault("not_this_preset", value=wanted[0].title, more=(("needs", ", ".join(needs)),))
    return Fault("not_recognised", pointer="/mapping")
