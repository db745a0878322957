"""What an import of a board says, in sentences: why a file was refused, what stayed behind."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from metrics.rules.cells import text_cell
from metrics.rules.faults import Fault
from metrics.sources.wording import sentence
from tasks.models import BoardImport
from tasks.rules.imports.reading import MOST_VALUES
from tasks.rules.imports.tables import LONGEST_CELL
from tasks.rules.imports.tree import MOST_CARDS, MOST_COLUMNS

LIMITS = {
    "most_cards": MOST_CARDS,
    "most_columns": MOST_COLUMNS,
    "most_values": MOST_VALUES,
    "longest_cell": LONGEST_CELL,
}
SHOWN = 3  # of each kind of what was left
REFUSALS = {
    "file_is_cut": gettext_noop("The file was cut: it ends in the middle of a value."),
    "file_is_gone": gettext_noop("The file is not kept any more. Upload it again."),
    "not_json": gettext_noop("This begins like JSON and is none."),
    "unknown_json": gettext_noop(
        "This is JSON, but not a board that MOps, Trello, Plane or Taiga has exported."
    ),
    "repeated_key": gettext_noop("An object of the JSON names “%(what)s” twice."),
    "too_deep": gettext_noop("The JSON is nested too deeply to be a board."),
    "too_many_values": gettext_noop(
        "The file holds more than %(most_values)d values, which is no board."
    ),
    "too_many_cards": gettext_noop(
        "The file has %(what)s cards; at most %(most_cards)d can be brought at once."
    ),
    "too_many_columns": gettext_noop(
        "The file has %(what)s columns; at most %(most_columns)d can be read."
    ),
    "too_many_rows": gettext_noop("The file has too many rows to be a board."),
    "too_wide": gettext_noop("The table has too many columns: %(what)s."),
    "twin_card": gettext_noop("Two cards have the same key “%(what)s”."),
    "no_such_column": gettext_noop("The card “%(what)s” stands in a column that is not there."),
    "not_a_list": gettext_noop("A list is expected here."),
    "not_an_object": gettext_noop("An object is expected here."),
    "other_version": gettext_noop("The file has version %(what)s of the format, which is unknown."),
    "member_missing": gettext_noop("This member is needed and has no text."),
    "unknown_member": gettext_noop("There is no such member."),
    "wrong_kind": gettext_noop("This value is of the wrong kind."),
    "no_header": gettext_noop("The first row has no names of columns."),
    "row_too_short": gettext_noop("A row has too few cells (%(what)s): the file may be cut."),
    "row_too_long": gettext_noop("A row has too many cells (%(what)s)."),
    "row_is_broken": gettext_noop("A row has a quotation mark where none can be."),
    "cell_too_long": gettext_noop("A cell has more than %(longest_cell)d letters."),
    "no_such_header": gettext_noop("The file has no column “%(what)s”."),
    "no_such_role": gettext_noop("A column cannot be “%(what)s”."),
    "role_twice": gettext_noop("Two columns cannot both be “%(what)s”."),
    "no_title": gettext_noop("Say which column holds the titles."),
    "nothing_in_it": gettext_noop("There is no card in the file."),
    "encoding_wrong": gettext_noop("The file cannot be read as %(what)s. Choose its encoding."),
    "encoding_unknown": gettext_noop("The encoding of the file could not be told. Choose it."),
    "which_encoding": gettext_noop(
        "The letters of the file can be read in several ways. Choose its encoding: %(what)s"
    ),
    "gave_up": gettext_noop("The import was begun several times and never came to its end."),
    "refused": "%(what)s",
}
LEFT = {
    "actions_capped": gettext_noop(
        "Trello writes only the last 1,000 actions: older comments are not in the file."
    ),
    "comment_without_card": gettext_noop("A comment on a card that the file has not."),
    "comment_cut": gettext_noop("A comment of more than 20,000 letters was cut."),
    "file_left": gettext_noop("A file of which the import has only the name."),
    "tick_lost": gettext_noop("Its due day was ticked off, and it stands in no done column."),
    "blocker_unknown": gettext_noop("It waits for a card that the file has not."),
    "blocker_circle": gettext_noop("Cards that wait for each other in a circle."),
    "blockers_left": gettext_noop("It waits for more cards than could be found or kept."),
    "subtask_notes": gettext_noop("The description of a subtask that became a checklist item."),
    "no_place_here": gettext_noop("Boards hold no such thing."),
    "task_without_story": gettext_noop("A task that belongs to no story."),
    "no_title_in_row": gettext_noop("A row without a title."),
    "due_unread": gettext_noop("A due day that cannot be read."),
    "start_unread": gettext_noop("A start that cannot be read."),
    "estimate_unread": gettext_noop("An estimate that is no number of hours."),
    "estimate_unfit": gettext_noop("An estimate that is too large."),
    "start_after_due": gettext_noop("A start behind the due day."),
    "title_cut": gettext_noop("A long title: all of it begins the description."),
    "description_cut": gettext_noop("A description of more than 20,000 letters was cut."),
    "item_cut": gettext_noop("A checklist item of more than 500 letters was cut."),
    "items_cut": gettext_noop("Only the first 200 checklist items came."),
    "column_renamed": gettext_noop("A column got another name."),
    "column_archived": gettext_noop("An archived column: its cards are archived in another one."),
    "goal_unknown": gettext_noop("There is no goal of this name here."),
    "value_unfit": gettext_noop("A value that its field cannot hold."),
    "label_refused": gettext_noop("A label could not be made."),
    "field_refused": gettext_noop("A field could not be made."),
    "label_unused": gettext_noop("A label that no card of the file carries was not made."),
    "field_unused": gettext_noop(
        "A field in which no card of the file says anything was not made."
    ),
    "field_shared": gettext_noop("A field that another board has is one of all boards now."),
    "field_renamed": gettext_noop(
        "A field got another name: one of this name and of another kind is here."
    ),
    "reports_to_unknown": gettext_noop("Whom the card is reported to is no member here."),
    "csv_holds_less": gettext_noop(
        "A CSV does not hold everything: rules of columns, kinds of fields, what cards wait for "
        "and whom they are reported to come with the JSON of the board."
    ),
    "comment_unread": gettext_noop("A comment that cannot be read as this CSV writes them."),
}


def why_failed(run: BoardImport) -> str:
    """The sentence that says why a run failed, with its place in the file."""
    code, what = str(run.error.get("code", "")), str(run.error.get("what", ""))
    where = str(run.error.get("where", ""))
    words = REFUSALS.get(code)
    said = _(words) % {"what": what, **LIMITS} if words else sentence(Fault(code, value=what))
    return f"{said} ({placed(where)})" if where else said


def placed(where: str) -> str:
    """A place in a file: a row, a line and a letter, or a JSON pointer."""
    if where.isdigit():
        return _("row %(row)s") % {"row": where}
    line, _colon, letter = where.partition(":")
    if line.isdigit() and letter.isdigit():
        return _("line %(line)s, letter %(letter)s") % {"line": line, "letter": letter}
    return where


def left_rows(run: BoardImport) -> list[tuple[str, str, str]]:
    """What could not be brought: place, what, and why, in the order of the file."""
    return [
        (
            placed(where),
            what,
            _(LEFT.get(code, REFUSALS.get(code, code))) % {"what": what, **LIMITS},
        )
        for code, where, what in run.left
    ]


def left_table(run: BoardImport) -> Iterator[list[str]]:
    """The same as the rows of a CSV, with its header; how many more there are comes last."""
    yield [_("Place"), _("What"), _("Why it was not brought")]
    for row in left_rows(run):
        yield [text_cell(cell) for cell in row]
    more = run.left_count - len(run.left)
    if more > 0:
        yield ["", "", _("and %(count)d more") % {"count": more}]


def left_groups(run: BoardImport) -> list[tuple[str, int, list[str]]]:
    """The same by reason: how many, and the first of them."""
    groups: dict[str, list[str]] = {}
    for _where, what, why in left_rows(run):
        groups.setdefault(why, []).append(what)
    return [
        (why, len(whats), [what for what in whats if what][:3]) for why, whats in groups.items()
    ]
