"""The forms that bring a file and say how it is written."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from metrics.rules.faults import Unreadable
from metrics.rules.fileshapes import ENCODINGS
from metrics.rules.mapping import MappingDocument, read_document
from metrics.sources.wording import sentence

LARGEST_MAPPING = 1024 * 1024

DELIMITER_CHOICES = [
    ("", _("As detected")),
    (",", _("Comma")),
    (";", _("Semicolon")),
    ("tab", _("Tab")),
    ("|", _("Vertical bar")),
]
SPOKEN = {"tab": "\t", "space": " "}
WRITTEN = {"\t": "tab", " ": "space"}


class UploadForm(forms.Form):
    """A file, and perhaps a mapping document that has served before."""

    file = forms.FileField(
        label=_("CSV or Excel file"),
        allow_empty_file=True,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )
    mapping = forms.FileField(
        label=_("Mapping document"),
        required=False,
        allow_empty_file=True,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("If this kind of file was imported before and its mapping was kept."),
    )

    def clean_mapping(self) -> MappingDocument | None:
        """The document, checked; each fault is named by its place in it."""
        return clean_document(self.cleaned_data.get("mapping"))


def clean_document(held: UploadedFile | None) -> MappingDocument | None:
    """The mapping document of an uploaded file; ValidationError where it is none."""
    if not held:
        return None
    if (held.size or 0) > LARGEST_MAPPING:
        raise forms.ValidationError(_("A mapping document has at most 1 MB."))
    return read_mapping(held.read())


def read_mapping(content: bytes) -> MappingDocument:
    """A mapping document from JSON; ValidationError with one sentence per fault."""
    try:
        return read_document(content)
    except Unreadable as refusal:
        raise forms.ValidationError(
            [f"{fault.pointer} {sentence(fault)}".strip() for fault in refusal.faults]
        ) from refusal


def _choice(field: forms.Field, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    """The same field with its possible answers."""
    return forms.ChoiceField(label=field.label, required=False, choices=choices)


class ShapeForm(forms.Form):
    """How the file is written, where detection was wrong."""

    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("As detected")), *((name, name) for name in ENCODINGS)],
    )
    delimiter = forms.ChoiceField(label=_("Delimiter"), required=False, choices=DELIMITER_CHOICES)
    header_row = forms.IntegerField(
        label=_("Row of the column names"), required=False, min_value=1, max_value=100
    )
    section = forms.IntegerField(
        label=_("Which table of the file"), required=False, min_value=1, max_value=50
    )
    sheet = forms.CharField(label=_("Sheet of the workbook"), required=False, max_length=100)

    def offer(self, *, sheets: Sequence[str], tables: Sequence[str]) -> None:
        """Ask only what this kind of file can be asked; `tables` begin with their number."""
        for name in ("encoding", "delimiter", "section") if sheets else ("sheet",):
            del self.fields[name]
        found = _("As detected")
        if sheets:
            choices = [("", found), *((name, name) for name in sheets)]
            self.fields["sheet"] = _choice(self.fields["sheet"], choices)
        elif tables:
            choices = [("", found), *((text.partition(":")[0], text) for text in tables)]
            self.fields["section"] = _choice(self.fields["section"], choices)

    def document(self) -> dict[str, Any]:
        """The `file` part of a mapping, as far as it was stated."""
        self.full_clean()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if "delimiter" in given:
            given["delimiter"] = SPOKEN.get(given["delimiter"], given["delimiter"])
        return given
