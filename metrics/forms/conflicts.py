"""Two people change one thing: what the second one typed beside what the first one saved."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import pgettext

SEEN = "version"
NOT_STORED = {"since", "since_day", "replaces_later", SEEN}  # asked beside what is changed


@dataclass(frozen=True)
class Difference:
    """A field by its label, as it was typed and as it stands now; "" is nothing."""

    label: str
    mine: str
    theirs: str


def differences(typed: forms.Form, present: forms.Form) -> list[Difference]:
    """The fields in which a form that was sent differs from the same form of what stands now."""
    found = []
    for name, field in typed.fields.items():
        unsent = field.widget.value_omitted_from_data(
            typed.data, typed.files, typed.add_prefix(name)
        )
        if name in NOT_STORED or field.disabled or unsent:
            continue
        mine, theirs = _said(typed[name]), _said(present[name])
        if mine != theirs:
            found.append(Difference(str(field.label), mine, theirs))
    return found


def seen_now(form: forms.Form, version: int) -> None:
    """Let the next save say that what stands now was seen, so that it wins knowingly."""
    data = form.data.copy()
    data[SEEN] = str(version)
    form.data = data


def _said(field: forms.BoundField) -> str:
    """The value of a field as its control shows it."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return pgettext("MOps", "Yes") if value else pgettext("MOps", "No")
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        words = {str(key): str(word) for key, word in choices}
        chosen = value if isinstance(value, list | tuple) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in chosen if one not in (None, ""))
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
