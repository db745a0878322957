"""What stands in one cell of the CSV that MOps writes, and is read from there again.

Several people or labels stand between commas, in quotation marks where they hold one. Links stand
each on a line, “name <address>”; a file is a name alone. A comment begins with a line of its own,
“— instant, who”, and its lines that would look like one begin with a backslash.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from tasks.rules.imports.tree import CommentFound, LinkFound
from tasks.rules.imports.values import instant_of, line_of, text_of

HEADER = (
    "Number", "Title", "Column", "Description", "Responsible", "People", "Labels", "Start", "Due",
    "Priority", "Estimate", "Checklist", "Archived", "Done", "Created", "Goal", "Watchers",
    "Links", "Comments",
)  # fmt: skip
FIELD = "Field: "  # before the name of a field that is called like a column of ours
LINK = re.compile(r"(?P<name>.*?)\s*<(?P<url>[^\s<>]+)>\Z")
HEAD = re.compile(r"— (?P<at>[^\s,]*), (?P<who>.*?)(?: \(answers (?P<answers>\d{1,6})\))?\Z")


def field_header(name: str) -> str:
    """The name of a field's column, which is none of those that all cards have."""
    taken = {one.casefold() for one in HEADER}
    return f"{FIELD}{name}" if name.casefold() in taken or name.startswith(FIELD) else name


def field_name(header: str) -> str:
    """The field that a column is for."""
    return header.removeprefix(FIELD)


def several_cell(words: Iterable[str]) -> str:
    """Words between commas."""
    return ", ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if "," not in word and not word.startswith('"'):
        return word
    doubled = word.replace('"', '""')
    return f'"{doubled}"'


def read_several(cell: str) -> list[str]:
    """The words of such a cell."""
    reader = csv.reader(io.StringIO(cell, newline=""), skipinitialspace=True)
    return [line_of(word) for row in reader for word in row if line_of(word)]


def links_cell(links: Sequence[LinkFound]) -> str:
    """A line for each link."""
    return "\n".join(
        f"{line_of(link.name)} <{link.url}>" if link.url else line_of(link.name) for link in links
    )


def read_links(cell: str) -> list[LinkFound]:
    """The links of such a cell; a line without an address is a file that has only a name."""
    found = []
    for line in filter(None, map(line_of, cell.split("\n"))):
        told = LINK.match(line)
        found.append(LinkFound(told["name"], told["url"]) if told else LinkFound(line, ""))
    return found


def comments_cell(comments: Sequence[CommentFound], names: dict[str, str]) -> str:
    """Each comment below a line that says when and by whom, by their name in `names`."""
    return "\n".join(line for said in comments for line in _lines(said, names))


def _lines(said: CommentFound, names: dict[str, str]) -> list[str]:
    at = said.at.isoformat() if said.at else ""
    answers = f" (answers {said.answers})" if said.answers else ""
    text = [
        f"\\{line}" if line.startswith(("— ", "\\")) else line for line in said.text.split("\n")
    ]
    return [f"— {at}, {line_of(names.get(said.who, said.who))}{answers}", *text]


def read_comments(cell: str) -> list[CommentFound] | None:
    """The comments of such a cell; None where it is written otherwise."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in cell.split("\n"):
        head = HEAD.match(line)
        if head:
            found.append((head, []))
        elif found:
            found[-1][1].append(line.removeprefix("\\"))
        elif line.strip():
            return None
    return [
        CommentFound(
            text_of("\n".join(lines)),
            head["who"],
            instant_of(head["at"]),
            int(head["answers"]) if head["answers"] else None,
        )
        for head, lines in found
    ]
