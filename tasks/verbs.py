"""What this app tells the log."""

from django.utils.translation import gettext_noop

from workspaces.rules.verbs import verb

BOARD_OPENED = verb("board.opened", gettext_noop("{who} opened the board “{name}”"))
BOARD_RENAMED = verb("board.renamed", gettext_noop("{who} renamed the board “{was}” to “{name}”"))
BOARD_ARCHIVED = verb("board.archived", gettext_noop("{who} archived the board “{name}”"))
BOARD_RESTORED = verb("board.restored", gettext_noop("{who} brought back the board “{name}”"))
COLUMN_ADDED = verb("column.added", gettext_noop("{who} added the column “{column}” to “{name}”"))
COLUMN_CHANGED = verb(
    "column.changed", gettext_noop("{who} changed the column “{column}” of “{name}”")
)
COLUMN_MOVED = verb("column.moved", gettext_noop("{who} moved the column “{column}” of “{name}”"))
COLUMN_REMOVED = verb(
    "column.removed", gettext_noop("{who} removed the column “{column}” of “{name}”")
)

CARD_ADDED = verb("card.added", gettext_noop("{who} added “{title}” to {to}"))
CARD_EDITED = verb("card.edited", gettext_noop("{who} changed “{title}”: {fields}"))
CARD_MOVED = verb("card.moved", gettext_noop("{who} moved “{title}” from {was} to {to}"))
CARD_PLACED = verb("card.placed", gettext_noop("{who} gave “{title}” another place in {to}"))
CARD_DONE = verb("card.done", gettext_noop("{who} finished “{title}”"))
CARD_REOPENED = verb("card.reopened", gettext_noop("{who} took “{title}” up again, to {to}"))
CARD_ARCHIVED = verb("card.archived", gettext_noop("{who} archived “{title}”"))
CARD_RESTORED = verb("card.restored", gettext_noop("{who} brought back “{title}”"))

ITEM_ADDED = verb("item.added", gettext_noop("{who} added “{item}” to the checklist of “{title}”"))
ITEM_EDITED = verb("item.edited", gettext_noop("{who} changed “{was}” to “{item}” on “{title}”"))
ITEM_PLACED = verb("item.placed", gettext_noop("{who} gave “{item}” another place on “{title}”"))
ITEM_TICKED = verb("item.ticked", gettext_noop("{who} ticked off “{item}” on “{title}”"))
ITEM_UNTICKED = verb("item.unticked", gettext_noop("{who} took the tick off “{item}” on “{title}”"))
ITEM_REMOVED = verb("item.removed", gettext_noop("{who} removed “{item}” from “{title}”"))
