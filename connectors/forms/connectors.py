"""The form of a source: what its kind asks for, its credentials, when it is fetched."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from connectors.models import Connector
from connectors.models.connectors import LONGEST_NAME, SCHEDULE_CHOICES
from connectors.operations.connectors import LONGEST_SECRET, Draft
from connectors.queries.connectors import label_of
from connectors.rules.description import Description, read_description
from connectors.rules.schedules import DAILY
from connectors.sources.kinds import EXAMPLE, described
from metrics.rules.faults import Unreadable
from workspaces.forms import Refusing, VersionField
from workspaces.rules.errors import Invalid, Refused

PARAM, SECRET = "param_", "secret_"
USUAL = (
    "token", "key", "user", "password", "client_id", "client_secret", "refresh_token",
    "service_account",
)  # fmt: skip
LTR = {"dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}


class ConnectorForm(Refusing):
    """The fields of one kind; the operation judges them."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("Under this name its numbers are kept; it cannot be changed."),
    )
    document = forms.CharField(
        label=_("Description"),
        max_length=100_000,
        initial=json.dumps(EXAMPLE, indent=2),
        widget=forms.Textarea(attrs={"rows": 18, **LTR}),
        help_text=_("A JSON document: what to ask, where the rows are, what they mean."),
    )
    schedule = forms.ChoiceField(label=_("Fetched"), choices=SCHEDULE_CHOICES, initial=DAILY)
    local_time = forms.TimeField(
        label=_("At"),
        initial="06:00",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Where the workspace lives. Every hour: at this minute."),
    )
    skip_bad_rows = forms.BooleanField(
        label=_("Leave out rows that cannot be read, instead of storing none"), required=False
    )
    version = VersionField(required=False)

    def __init__(
        self, *args: Any, kind: str, connector: Connector | None = None, **kwargs: Any
    ) -> None:
        """Add the fields that the kind, or the document, asks for."""
        super().__init__(*args, **kwargs)
        self.kind, self.connector = kind, connector
        if kind != "custom":
            del self.fields["document"]
        if connector is not None:
            del self.fields["name"]
            self._fill(connector)
        description = self._described()
        params = description.params if description else {}
        secrets = description.auth.secrets if description and kind != "custom" else USUAL
        if description and kind == "custom":
            secrets = tuple(dict.fromkeys((*description.auth.secrets, *USUAL)))
        for name, param in params.items():
            self.fields[PARAM + name] = forms.CharField(
                label=label_of(name), initial=self._param(name, param.default), max_length=200,
                required=param.needed, widget=forms.TextInput(attrs=LTR),
            )  # fmt: skip
        ways = description.auth.ways if description and kind != "custom" else [()]
        self.has_choice = len(ways) > 1
        for name in secrets:
            needed = all(name in way for way in ways)
            self.fields[SECRET + name] = self._secret(name, needed=needed)

    def _fill(self, connector: Connector) -> None:
        self.initial |= {
            "document": json.dumps(connector.document, ensure_ascii=False, indent=2),
            "schedule": connector.schedule,
            "local_time": connector.local_time,
            "skip_bad_rows": connector.skip_bad_rows,
            "version": connector.version,
        }

    def _param(self, name: str, default: str) -> str:
        params: Mapping[str, str] = self.connector.params if self.connector else {}
        return params.get(name, default)

    def _secret(self, name: str, *, needed: bool) -> forms.CharField:
        """A field that never shows what it holds; left empty it keeps what is stored."""
        kept = self.connector is not None and bool(self.connector.secrets)
        return forms.CharField(
            label=label_of(name),
            max_length=LONGEST_SECRET,
            required=needed and not kept,
            widget=forms.PasswordInput(attrs={**LTR, "autocomplete": "off"}),
            help_text=_now("Stored. Enter it only to change it.") if kept and needed else "",
        )

    def _described(self) -> Description | None:
        """The description, as far as it can be read yet."""
        if self.kind != "custom":
            return described(self.kind)
        text = self.data.get("document") or self.initial.get("document", "")
        try:
            return read_description(text, loopback=settings.WEB_LOOPBACK) if text else None
        except Unreadable:
            return None

    @property
    def params(self) -> list[forms.BoundField]:
        """What the kind asks for."""
        return [self[name] for name in self.fields if name.startswith(PARAM)]

    @property
    def secrets(self) -> list[forms.BoundField]:
        """The credentials."""
        return [self[name] for name in self.fields if name.startswith(SECRET)]

    def clean_document(self) -> dict[str, Any]:
        """The document as JSON."""
        try:
            found = json.loads(self.cleaned_data["document"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(
                _("This is not valid JSON: %(why)s.") % {"why": error}
            ) from error
        if not isinstance(found, dict):
            raise forms.ValidationError(_("An object in braces is expected here."))
        return found

    def draft(self) -> Draft:
        """What the form says, in the operation's words."""
        given = self.cleaned_data
        return Draft(
            name=self.connector.name if self.connector else given["name"],
            kind=self.kind,
            params=self._named(PARAM),
            secrets={name: text for name, text in self._named(SECRET).items() if text},
            document=given.get("document", {}),
            schedule=given["schedule"],
            local_time=given["local_time"],
            skip_bad_rows=given["skip_bad_rows"],
        )

    def _named(self, beginning: str) -> dict[str, str]:
        return {
            name.removeprefix(beginning): text
            for name, text in self.cleaned_data.items()
            if name.startswith(beginning)
        }

    def refuse(self, refusal: Refused | Invalid) -> None:
        """Show what the operation found at the fields that it is about."""
        if isinstance(refusal, Refused):
            super().refuse(refusal)
            return
        for problem in refusal.problems:
            part, _slash, name = problem.pointer.removeprefix("/").partition("/")
            field = {"params": PARAM + name, "secrets": SECRET + name}.get(part, part)
            told = f"{problem.pointer.removeprefix('/document')} {problem.message}"
            is_inside = part == "document" and field in self.fields
            self._refuse(field, told.strip() if is_inside else problem.message)

    def meet(self, present: forms.Form, message: str, version: int) -> None:
        """Ask for the credentials again: a page never says them."""
        super().meet(present, message, version)
        for field in self.secrets:
            if field.value():
                self.add_error(field.name, _now("Enter it once more: it is never shown again."))
