"""The page of the mapping: the beginning of the file beside what each of its columns is."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from metrics.forms.first_values import first_of_guess, first_of_mapping
from metrics.forms.imports import WRITTEN, ShapeForm, clean_document
from metrics.forms.mappings import Beginning, FirstValues, MappingForms
from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.queries.currencies import keys_apart
from metrics.queries.imports import (
    last_like,
    mapping_of,
    measured_metrics,
    paths_of,
    sample_of,
)
from metrics.queries.ready import rates_to_offer
from metrics.rules.documents import Walk
from metrics.rules.faults import Unreadable
from metrics.rules.fileshapes import FileShape, file_shape
from metrics.rules.guesses import Events, guess_mapping, source_name
from metrics.rules.mapping import MappingDocument, parse_mapping
from metrics.rules.presets.questions import Question
from metrics.rules.readings import UNSAVED
from metrics.sources.recognition import Recognition, recognise, remarks, told
from metrics.sources.tables import Preview, is_guess
from metrics.sources.wording import problem_of, sentence
from metrics.sources.xlsx_file import ENDING, sheet_names
from workspaces.forms import zone_choices
from workspaces.rules.errors import Problem

SAMPLE, FEW = 5_000, 50  # rows looked at for a first guess, and once it is made
CARRIED = ("sheet", "section")
ANSWERED = ("currency", "day_format")  # questions whose answer stands in the address
LISTED = ("section", "encoding")  # answers that begin their line, before a colon
LOOKED_UP = ("section", "sheet", "encoding")  # with these a file is still recognised
MOST_SHOWN = 100  # columns; a wider file is described by a mapping document


def _carried(data: QueryDict | None) -> dict[str, Any]:
    """Which sheet or table is meant, as the form carries it along."""
    try:
        base = json.loads(data.get("base") or "{}") if data else {}
    except (ValueError, RecursionError):
        base = {}
    carried = base.get("file") if isinstance(base, dict) else None
    kept = carried if isinstance(carried, dict) else {}
    return {name: text for name, text in kept.items() if name in CARRIED}


def _names_metrics(data: QueryDict) -> bool:
    """Whether a column names the metric of its row: then the names are looked for further down."""
    return any(value == "named" for name, value in data.items() if name.endswith("-role"))


def _contradicts(earlier: MappingDocument, found: MappingDocument) -> bool:
    """Whether the earlier mapping would reject what the file has: the rows of another currency."""
    before = dict(earlier.expect)
    return any(before.get(column, texts) != texts for column, texts in found.expect)


class UploadMappingForm(forms.Form):
    """A mapping document in the place of the form."""

    mapping = forms.FileField(
        label=_("Mapping document"),
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_mapping(self) -> MappingDocument | None:
        """The document, checked."""
        return clean_document(self.cleaned_data["mapping"])


@dataclass(frozen=True)
class Asked:
    """A sentence about the file, and where each answer to it leads."""

    text: str
    answers: tuple[tuple[str, str], ...] = ()


def asked(question: Question) -> Asked:
    """A question as the page shows it; what is listed is answered by how its line begins."""
    is_open = question.needed and not question.proposal
    choices = question.choices if is_open and question.name != "day" else ()
    is_listed = question.name in LISTED
    answers = tuple(
        (text, "?" + urlencode({question.name: text.partition(":")[0] if is_listed else text}))
        for text in choices
    )
    return Asked(sentence(told(question)), answers)


class MapPage:
    """Everything that the page shows of one run, and what was wrong with what was sent."""

    def __init__(self, run: ImportRun, data: QueryDict | None, stated: QueryDict) -> None:
        """Read the file as stated by the form, the address or the run's mapping, or as detected."""
        self.problems: list[Problem] = []
        self.told: list[Problem] = []  # those, and what is said at its control
        self.forms: MappingForms | None = None
        self.sample: Preview | None = None
        self.doubtful_day = self.doubtful_number = ""
        self.like: ImportRun | None = None  # the earlier import that this one is described by
        self.known = Recognition()
        self.events: Events | None = None
        self.shown: list[tuple[int, str]] = []
        asked = ShapeForm(stated if data is None else data).document()
        self._answers = {name: stated[name] for name in ANSWERED if stated.get(name)}
        saved = None if (asked or self._answers) and data is None else mapping_of(run)
        stated_now = _carried(data) | asked
        shown = {name: WRITTEN.get(str(value), value) for name, value in stated_now.items()}
        self.shape = ShapeForm(initial=shown)
        self._read(run, data, asked, saved, guess="guess" in stated)
        if self.sample is None or self.must_choose:
            return
        metrics = measured_metrics(run.workspace)
        if data is None and not (saved or asked or self._answers or "guess" in stated):
            self.like = last_like(run, self.sample.columns, metrics)
            saved = mapping_of(self.like) if self.like else None
        draft = self.known.draft if data is None else None
        if saved and draft and self.like and _contradicts(saved, draft):
            saved = self.like = None
        self._fill(run, self.sample, data, saved or draft, metrics)

    def _read(
        self,
        run: ImportRun,
        data: QueryDict | None,
        asked: dict[str, Any],
        saved: MappingDocument | None,
        *,
        guess: bool,
    ) -> None:
        """Take the beginning of the file; where it cannot be read, `problems` say why."""
        path = paths_of(run).raw
        sheets = sheet_names(path) if path.suffix == ENDING else []
        tables: list[str] = []
        carried = file_shape(Walk(), _carried(data) | asked)
        shape = carried if asked else (saved.file if saved else None)
        self._stated = shape or FileShape()
        try:
            if data is None and not saved:
                shape = self._look(run, asked, shape, guess=guess)
            rows = FEW if data is not None and not _names_metrics(data) else SAMPLE
            wanted = saved.columns if saved and not asked else ()
            self.sample = sample_of(run, shape, rows=rows, wanted=wanted)
        except Unreadable as refusal:
            if not self.known.questions:  # else they are asked, which says the same
                self.problems = [problem_of(fault) for fault in refusal.faults]
            tables = dict(refusal.faults[0].more).get("sections", "").split("; ")
        self.shape.offer(sheets=sheets, tables=list(filter(None, tables)))

    def _look(
        self, run: ImportRun, asked: dict[str, Any], shape: FileShape | None, *, guess: bool
    ) -> FileShape | None:
        """Recognise the file, unless somebody said how it is written; the shape to show it in."""
        if guess or set(asked) - set(LOOKED_UP):
            return shape
        answers = self._answers | {name: str(value) for name, value in asked.items()}
        path = paths_of(run).raw
        self.known = recognise(path, answers)
        if self.known.draft and (apart := keys_apart(run.workspace, self.known.draft.create)):
            self.known = recognise(path, answers | apart)
        return self.known.draft.file if self.known.draft else shape

    def _fill(
        self,
        run: ImportRun,
        sample: Preview,
        data: QueryDict | None,
        saved: MappingDocument | None,
        metrics: dict[str, Metric],
    ) -> None:
        known = {key: metric.name for key, metric in metrics.items()}
        rows = [
            ["" if cell.startswith(UNSAVED) else cell for cell in cells]
            for _number, cells in sample.rows
        ]
        first = FirstValues()
        if saved:
            apart = keys_apart(run.workspace, saved.create)
            fitting = {key: name for key, name in known.items() if key not in apart}
            first = first_of_mapping(saved, fitting, sample.shape)
            first.is_said = saved is not self.known.draft
        elif data is None:
            seen = [cells[:MOST_SHOWN] for cells in rows]
            guess = guess_mapping(sample.columns[:MOST_SHOWN], seen, sample.shape)
            self.doubtful_day, self.doubtful_number = guess.doubtful_day, guess.doubtful_number
            self.events = guess.events
            first = first_of_guess(guess, source_name(run.file_name), known)
        self.shown = shown_columns(sample.columns, first.columns if saved else (), data)
        self.forms = MappingForms(
            data,
            Beginning(self.shown, rows),
            metrics=metrics,
            first=first,
            offer=lambda columns, source: rates_to_offer(run.workspace, columns, source),
        )

    @property
    def guessed_encoding(self) -> str:
        """The encoding, where neither the file nor anybody states it."""
        if self.sample is None or not is_guess(self._stated, self.sample.shape):
            return ""
        return self.sample.shape.encoding

    @property
    def recognised(self) -> str:
        """What the file was recognised as, where it is described by that."""
        return self.known.preset.title if self.known.preset and not self.like else ""

    @property
    def must_choose(self) -> bool:
        """Whether nothing can be said of the file before a currency is chosen."""
        return any(one.needed and one.code == "ask_currency" for one in self.known.questions)

    @property
    def questions(self) -> list[Asked]:
        """What has to be asked, or was answered by what the file states."""
        found = [] if self.like else [asked(question) for question in self.known.questions]
        return found + [Asked(sentence(fault)) for fault in remarks(self.known)]

    def heads(self, mapping: MappingDocument) -> list[str]:
        """The names of the metrics that the mapping reads, in its order."""
        new = {entry.key: entry.name for entry in mapping.create}
        known = self.forms.known if self.forms else {}
        return [
            known.get(entry.metric) or new.get(entry.metric, entry.metric)
            for entry in mapping.metrics
        ]

    @property
    def zones(self) -> list[str]:
        """The names of the zones in which times may stand."""
        return [name for name, _shown in zone_choices()]

    @property
    def hidden_columns(self) -> int:
        """How many columns the page does not show."""
        return len(self.sample.columns) - len(self.shown) if self.sample else 0

    def mapping(self) -> MappingDocument | None:
        """What was sent, as a mapping; None where something is wrong, which the page then tells."""
        if self.forms is None or not self.forms.is_valid():
            return None
        try:
            return parse_mapping(self.forms.document())
        except Unreadable as refusal:
            self.tell([problem_of(fault) for fault in refusal.faults])
            return None

    def tell(self, problems: Sequence[Problem]) -> None:
        """Say each problem at the control where it can be mended, what has none above all."""
        self.told = self.forms.named(problems) if self.forms else list(problems)
        self.problems = self.forms.place(problems) if self.forms else list(problems)


def shown_columns(
    columns: Sequence[str], said: Collection[str], data: QueryDict | None
) -> list[tuple[int, str]]:
    """The columns that the page shows, by place: the first ones and all that a mapping reads.

    Of a page that was sent, those that it showed.
    """
    every = list(enumerate(columns))
    if data is not None:
        return [(place, name) for place, name in every if f"c{place}-role" in data]
    return [(place, name) for place, name in every if place < MOST_SHOWN or name in said]
