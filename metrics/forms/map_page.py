"""The page of the mapping: the beginning of the file beside what each of its columns is."""

import json
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from metrics.forms.first_values import initial_of_guess, initial_of_mapping
from metrics.forms.imports import WRITTEN, ShapeForm, clean_document
from metrics.forms.mappings import MappingForms
from metrics.models.imports import ImportRun
from metrics.queries.imports import (
    SHOWN,
    last_like,
    mapping_of,
    measured_metrics,
    paths_of,
    sample_of,
)
from metrics.rules.documents import Walk
from metrics.rules.faults import Unreadable
from metrics.rules.fileshapes import FileShape, file_shape
from metrics.rules.guesses import guess_mapping, source_name
from metrics.rules.mapping import MappingDocument, parse_mapping
from metrics.sources.recognition import Recognition, recognise, told
from metrics.sources.tables import Preview
from metrics.sources.wording import problem_of, sentence
from workspaces.rules.errors import Problem

SAMPLE, FEW = 5_000, 50  # rows looked at for a first guess, and once it is made
CARRIED = ("sheet", "section", "skip_first_cell", "skip_where", "footer")
MOST_SHOWN = 100  # columns; a wider file is described by a mapping document


def _shape_of(asked: dict[str, Any], data: QueryDict | None) -> FileShape:
    """The shape that was stated, with what the form carries along."""
    try:
        base = json.loads(data.get("base") or "{}") if data else {}
    except (ValueError, RecursionError):
        base = {}
    carried = base.get("file") if isinstance(base, dict) else None
    kept = {name: text for name, text in (carried or {}).items() if name in CARRIED}
    return file_shape(Walk(), kept | asked)


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


class MapPage:
    """Everything that the page shows of one run, and what was wrong with what was sent."""

    def __init__(self, run: ImportRun, data: QueryDict | None, stated: QueryDict) -> None:
        """Read the file as stated by the form, the address or the run's mapping, or as detected."""
        self.problems: list[Problem] = []
        self.forms: MappingForms | None = None
        self.sample: Preview | None = None
        self.doubtful_day = ""
        self.like: ImportRun | None = None  # the earlier import that this one is described by
        self.known = Recognition()
        asked = ShapeForm(stated if data is None else data).document()
        saved = None if asked and data is None else mapping_of(run)
        shape = _shape_of(asked, data) if asked else (saved.file if saved else None)
        self.shape = ShapeForm(
            initial={
                **asked,
                "delimiter": WRITTEN.get(asked.get("delimiter", ""), asked.get("delimiter", "")),
            }
        )
        columns = saved.columns if saved and not asked else ()
        try:
            if data is None and not saved:
                shape = self._look(run, asked, shape, guess="guess" in stated)
            rows = SAMPLE if data is None else FEW
            self.sample = sample_of(run, shape, rows=rows, wanted=columns)
        except Unreadable as refusal:
            self.problems = [problem_of(fault) for fault in refusal.faults]
            return
        known = {key: metric.name for key, metric in measured_metrics(run.workspace).items()}
        if data is None and not saved and not asked and "guess" not in stated:
            self.like = last_like(run, self.sample.columns, known)
            saved = mapping_of(self.like) if self.like else None
        self._fill(run, data, saved or (self.known.draft if data is None else None), known)

    def _look(
        self, run: ImportRun, asked: dict[str, Any], shape: FileShape | None, *, guess: bool
    ) -> FileShape | None:
        """Recognise the file, unless somebody said how it is written; the shape to show it in."""
        if guess or set(asked) - {"section", "sheet"}:
            return shape
        answers = {name: str(value) for name, value in asked.items()}
        self.known = recognise(paths_of(run).raw, answers)
        return self.known.draft.file if self.known.draft else shape

    def _fill(
        self,
        run: ImportRun,
        data: QueryDict | None,
        saved: MappingDocument | None,
        known: dict[str, str],
    ) -> None:
        sample = self.sample
        if sample is None:
            return
        rows = [cells for _number, cells in sample.rows]
        if saved:
            initial = initial_of_mapping(saved, known, sample.shape)
        elif data is None:
            guess = guess_mapping(sample.columns, rows, sample.shape)
            self.doubtful_day = guess.doubtful_day
            initial = initial_of_guess(guess, source_name(run.file_name), known)
        else:
            initial = {}
        self.forms = MappingForms(
            data,
            columns=sample.columns[:MOST_SHOWN],
            rows=rows,
            metrics=list(known.items()),
            initial=initial,
        )

    @property
    def recognised(self) -> str:
        """What the file was recognised as, where it is described by that."""
        return self.known.preset.title if self.known.preset and not self.like else ""

    @property
    def questions(self) -> list[str]:
        """What has to be asked, or was answered by what the file states, as sentences."""
        if not self.recognised:
            return []
        return [sentence(told(question)) for question in self.known.questions]

    @property
    def hidden_columns(self) -> int:
        """How many columns the page does not show."""
        return max(len(self.sample.columns) - MOST_SHOWN, 0) if self.sample else 0

    @property
    def first_rows(self) -> list[tuple[int, list[str]]]:
        """The rows shown as they stand in the file."""
        return (
            [(number, cells[:MOST_SHOWN]) for number, cells in self.sample.rows[:SHOWN]]
            if self.sample
            else []
        )

    def mapping(self) -> MappingDocument | None:
        """What was sent, as a mapping; None where something is wrong, which the page then tells."""
        if self.forms is None or not self.forms.is_valid():
            return None
        try:
            return parse_mapping(self.forms.document())
        except Unreadable as refusal:
            self.problems = [problem_of(fault) for fault in refusal.faults]
            return None
