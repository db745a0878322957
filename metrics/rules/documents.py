"""A JSON document read strictly: each fault is noted with its pointer, none stops the reading."""

import json
from collections.abc import Mapping, Sequence
from decimal import InvalidOperation
from typing import Any

from metrics.rules.dims import NAME, is_sound
from metrics.rules.faults import SHOWN, Fault, Unreadable, shown
from workspaces.rules.exact_json import EXACT_JSON, RepeatedKey, half_letters

LONGEST = 200
LONGEST_DESCRIPTION = 2000
LONG_TEXTS = ("description", "formula")


def escaped(name: object) -> str:
    """One step of a JSON pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")


def read_json(content: bytes | str, at: str = "") -> object:
    """A document of JSON as strictly read as a body is; Unreadable names what is wrong below `at`.

    Numbers with a fraction are Decimal.
    """
    try:
        text = content
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text))
        found = EXACT_JSON.decode(text.removeprefix("\ufeff"))
    except RepeatedKey as error:
        place = _tellable(f"{at}/{escaped(error.key)}")
        raise Unreadable(Fault("repeated_key", pointer=place)) from error
    except (ValueError, RecursionError, InvalidOperation) as error:
        why = (("why", str(error)[:SHOWN]),)
        raise Unreadable(Fault("mapping_json", pointer=at, more=why)) from error
    code = "surrogate_characters_not_allowed"
    halves = [_tellable(f"{at}{pointer}") for pointer in half_letters(found)]
    if halves:
        raise Unreadable(*(Fault(code, pointer=pointer) for pointer in halves))
    return found


def _tellable(pointer: str) -> str:
    """The pointer with a question mark for each half of a letter, which has no bytes."""
    return pointer.encode("utf-8", "replace").decode()


class Walk:
    """Reads values of a document and collects what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, pointer: str, code: str, *, value: object = "", **more: object) -> None:
        """Note one fault."""
        pairs = tuple((name, str(text)) for name, text in more.items())
        self.faults.append(Fault(code, pointer=pointer, value=shown(str(value)), more=pairs))

    def members(
        self, value: object, at: str, known: Sequence[str], needed: Sequence[str] = ()
    ) -> dict[str, Any]:
        """An object with none but the known members and all the needed ones."""
        if not isinstance(value, Mapping):
            self.fault(at, "mapping_object", value="" if value is None else value)
            return {}
        for name in value:
            if name not in known:
                self.fault(
                    f"{at}/{escaped(name)}", "mapping_unknown", value=name, known=", ".join(known)
                )
        for name in needed:
            if name not in value:
                self.fault(f"{at}/{name}", "mapping_needed", value=name)
        return {str(name): value[name] for name in value if name in known}

    def array(self, value: object, at: str, *, least: int, most: int) -> Sequence[object]:
        """A list of a bearable length."""
        if not isinstance(value, list):
            self.fault(at, "mapping_array", value=value)
            return ()
        if len(value) < least:
            self.fault(at, "mapping_too_few", value=len(value), least=least)
        if len(value) > most:
            self.fault(at, "mapping_too_many", value=len(value), most=most)
        return value[:most]

    def texts(self, value: object, at: str, *, most: int, empty: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        found = []
        for place, entry in enumerate(self.array(value, at, least=0, most=most)):
            fits = isinstance(entry, str) and len(entry) <= LONGEST and is_sound(entry)
            if not fits or not (entry or empty):
                self.fault(f"{at}/{place}", "mapping_text", value=entry, most=LONGEST)
            else:
                found.append(str(entry))
        return tuple(found)

    def text(self, given: dict[str, Any], name: str, at: str, default: str | None = None) -> str:
        """A text; without a default it may not be empty (its absence is told by `object`)."""
        if name not in given:
            return default or ""
        value = given[name]
        longest = LONGEST_DESCRIPTION if name in LONG_TEXTS else LONGEST
        fits = isinstance(value, str) and len(value) <= longest and is_sound(value)
        if not fits or (default is None and not value.strip()):
            self.fault(f"{at}/{name}", "mapping_text", value=value, most=longest)
            return ""
        return str(value)

    def name(self, given: dict[str, Any], name: str, at: str) -> str:
        """A key of small letters, digits and underscores."""
        value = given.get(name, "")
        if name in given and not (isinstance(value, str) and NAME.match(value)):
            self.fault(f"{at}/{name}", "mapping_name", value=value)
        return str(value)

    def choice(
        self, given: dict[str, Any], name: str, at: str, known: Sequence[str], default: str
    ) -> str:
        """One of the known texts."""
        value = given.get(name, default)
        if value not in known:
            self.fault(
                f"{at}/{name}", "mapping_choice", value=value, known=" ".join(map(repr, known))
            )
            return default
        return str(value)

    def flag(self, given: dict[str, Any], name: str, at: str) -> bool:
        """True or false; false where nothing is said."""
        value = given.get(name, False)
        if not isinstance(value, bool):
            self.fault(f"{at}/{name}", "mapping_flag", value=value)
            return False
        return value

    def whole(
        self, given: dict[str, Any], name: str, at: str, default: int | None, reach: tuple[int, int]
    ) -> int | None:
        """A whole number within reach."""
        value = given.get(name, default)
        if value is None and name not in given:
            return None
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not reach[0] <= value <= reach[1]
        ):
            self.fault(f"{at}/{name}", "mapping_whole", value=value, least=reach[0], most=reach[1])
            return default
        return value
