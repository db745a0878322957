"""What can be wrong with a file or a mapping: a code and its circumstances, no sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHOWN = 80  # characters of a cell that a report repeats


@dataclass(frozen=True)
class Fault:
    """One thing wrong; `metrics.sources.wording` turns it into a sentence in the reader's language.

    `row` is the row of a spreadsheet (the first line of the file is 1), `column` the file's name
    for it, `value` what stood there, `pointer` a place in the mapping document.
    """

    code: str
    row: int | None = None
    column: str = ""
    value: str = ""
    pointer: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        """The fault as the import keeps it."""
        return {
            "code": self.code,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "pointer": self.pointer,
            "more": dict(self.more),
        }


def fault_from(stored: Mapping[str, object]) -> Fault:
    """The fault that `as_json` wrote."""
    row, more = stored.get("row"), stored.get("more")
    pairs = more.items() if isinstance(more, Mapping) else ()
    return Fault(
        code=str(stored.get("code", "")),
        row=row if isinstance(row, int) else None,
        column=str(stored.get("column", "")),
        value=str(stored.get("value", "")),
        pointer=str(stored.get("pointer", "")),
        more=tuple((str(name), str(text)) for name, text in pairs),
    )


def shown(text: str) -> str:
    """The beginning of a cell, as much as a report repeats."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class Unreadable(Exception):
    """The file or the mapping as a whole cannot be used; the faults say why."""

    def __init__(self, *faults: Fault) -> None:
        """Keep the faults, first the one that matters most."""
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults: Sequence[Fault] = faults
