"""The parts of a form that bring a file: its mapping, the answers, what is wished for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from metrics.rules.documents import read_json
from metrics.rules.faults import Unreadable
from metrics.rules.lists import listed
from metrics.rules.mapping import MappingDocument, read_document
from metrics.sources.wording import invalid
from workspaces.rules.errors import Invalid, at_field

PIECE = 1024 * 1024
WORDS = {"true": True, "1": True, "false": False, "0": False, "": False}


def pieces(stream: Any) -> Iterator[bytes]:
    """A body, bit by bit."""
    while piece := stream.read(PIECE):
        yield piece


def yes_or_no(options: Mapping[str, Any], name: str) -> bool:
    """A flag; anything but the known words is refused."""
    word = str(options.get(name, "")).lower()
    if word not in WORDS:
        raise Invalid([at_field(name, "invalid", _("Say true or false."))])
    return WORDS[word]


def preset_of(options: Mapping[str, Any]) -> str:
    """The preset that was named; a mapping beside it says otherwise."""
    name = str(options.get("preset") or "")
    if name and options.get("mapping"):
        message = _("Send either a mapping or the name of a preset.")
        raise Invalid([at_field("preset", "invalid", message)])
    return name


def rates_of(held: Any) -> list[str]:
    """The keys of the rates that are asked for."""
    return listed(str(held or ""))


def answers_of(held: Any) -> dict[str, str]:
    """What the file does not say, from a JSON object of texts and numbers."""
    try:
        found = read_json(str(held), "/answers") if held else {}
    except Unreadable as refusal:
        raise invalid(refusal.faults) from refusal
    plain = isinstance(found, dict) and all(
        isinstance(value, str | int) and not isinstance(value, bool) for value in found.values()
    )
    if not plain:
        message = _("Send the answers as a JSON object of texts.")
        raise Invalid([at_field("answers", "invalid", message)])
    return {str(name): str(value) for name, value in found.items()}


def document(held: Any) -> MappingDocument | None:
    """The mapping document, from a text or a part that is a file; None: look at the file."""
    if held is None or held == "":
        return None
    content = held.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) if hasattr(held, "read") else held
    try:
        return read_document(content)
    except Unreadable as refusal:
        raise under_mapping(invalid(refusal.faults)) from refusal


def under_mapping(refusal: Invalid, *, nowhere: str = "/mapping") -> Invalid:
    """The same refusal with its pointers seen from the body; `nowhere`: for what has none."""
    return Invalid(
        [replace(found, pointer=place_of(found.pointer) or nowhere) for found in refusal.problems]
    )


def place_of(pointer: str) -> str:
    """A place in the body: in the mapping, or among the answers; nothing for nowhere."""
    if not pointer or pointer.startswith(("/answers/", "/mapping", "/rates")):
        return pointer
    return f"/mapping{pointer}"
