"""What this app tells the log."""

from django.utils.translation import gettext_noop

from workspaces.rules.notices import notice
from workspaces.rules.verbs import DAY, WORDS, verb, verb_group

BOARD_OPENED = verb("board.opened", gettext_noop("{who} opened the board “{name}”"))
BOARD_RENAMED = verb("board.renamed", gettext_noop("{who} renamed the board “{was}” to “{name}”"))
BOARD_CHANGED = verb("board.changed", gettext_noop("{who} changed the board “{name}”: {fields}"))
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
FIELD_WORDS = {  # what a sentence calls what is written on a card
    "title": gettext_noop("title"),
    "description": gettext_noop("description"),
    "assignee": gettext_noop("assignee"),
    "reports_to": gettext_noop("whom it is shown to"),
    "start_on": gettext_noop("start"),
    "due_on": gettext_noop("due day"),
    "estimate": gettext_noop("estimate"),
    "priority": gettext_noop("priority"),
    "goal": gettext_noop("goal"),
    "clock": gettext_noop("request"),
    "cycle": gettext_noop("cycle"),
    "labels": gettext_noop("labels"),
    "helpers": gettext_noop("helpers"),
    "watchers": gettext_noop("watchers"),
}
CARD_ADDED = verb(
    "card.added",
    gettext_noop("{who} added “{title}” to {to}"),
    {"copy": gettext_noop("{who} added “{title}” to {to} as a copy of “{other}”")},
)
CARD_EDITED = verb(
    "card.edited", gettext_noop("{who} changed “{title}”: {words}"), shown={"words": WORDS}
)
CARD_MOVED = verb("card.moved", gettext_noop("{who} moved “{title}” from {was} to {to}"))
CARD_PLACED = verb("card.placed", gettext_noop("{who} gave “{title}” another place in {to}"))
CARD_DONE = verb("card.done", gettext_noop("{who} finished “{title}”"))
CARD_REOPENED = verb("card.reopened", gettext_noop("{who} took “{title}” up again, to {to}"))
CARD_ARCHIVED = verb("card.archived", gettext_noop("{who} archived “{title}”"))
CARD_TRASHED = verb("card.trashed", gettext_noop("{who} put “{title}” in the trash"))
CARD_RESTORED = verb("card.restored", gettext_noop("{who} brought back “{title}”"))
CARD_LEFT = verb(
    "card.left", gettext_noop("{who} moved “{title}” from here to the board “{board}”")
)
CARD_CAME = verb(
    "card.came", gettext_noop("{who} brought “{title}” from the board “{board}” to {to}")
)
TEMPLATE_SAVED = verb(
    "card.template_saved", gettext_noop("{who} saved the template “{title}” of “{name}”")
)
TEMPLATE_CHANGED = verb(
    "card.template_changed", gettext_noop("{who} changed the template “{title}” of “{name}”")
)
TEMPLATE_REMOVED = verb(
    "card.template_removed", gettext_noop("{who} removed the template “{title}” of “{name}”")
)
CARD_DELETED = verb("card.deleted", gettext_noop("{who} deleted “{title}” for good"))
ITEM_ADDED = verb("item.added", gettext_noop("{who} added “{item}” to the checklist of “{title}”"))
ITEM_EDITED = verb("item.edited", gettext_noop("{who} changed “{was}” to “{item}” on “{title}”"))
ITEM_ASSIGNED = verb(
    "item.assigned", gettext_noop("{who} changed who does “{item}” on “{title}”, or until when")
)
ITEM_PLACED = verb("item.placed", gettext_noop("{who} gave “{item}” another place on “{title}”"))
ITEM_TICKED = verb("item.ticked", gettext_noop("{who} ticked off “{item}” on “{title}”"))
ITEM_UNTICKED = verb("item.unticked", gettext_noop("{who} took the tick off “{item}” on “{title}”"))
ITEM_REMOVED = verb("item.removed", gettext_noop("{who} removed “{item}” from “{title}”"))
LABEL_ADDED = verb("label.added", gettext_noop("{who} added the label “{name}”"))
LABEL_CHANGED = verb("label.changed", gettext_noop("{who} changed the label “{name}”"))
LABEL_REMOVED = verb("label.removed", gettext_noop("{who} removed the label “{name}”"))
FIELD_ADDED = verb("field.added", gettext_noop("{who} added the field “{name}” to cards"))
FIELD_CHANGED = verb("field.changed", gettext_noop("{who} changed the field “{name}” of cards"))
FIELD_RETIRED = verb("field.retired", gettext_noop("{who} retired the field “{name}” of cards"))
FIELD_REVIVED = verb("field.revived", gettext_noop("{who} took up the field “{name}” again"))
FIELD_PLACED = verb("field.placed", gettext_noop("{who} gave the field “{name}” another place"))
FILTER_SAVED = verb(
    "filter.saved",
    gettext_noop("{who} saved the filter “{name}”"),
    {"private": gettext_noop("{who} saved a filter of their own")},
)
FILTER_CHANGED = verb(
    "filter.changed",
    gettext_noop("{who} changed the filter “{name}”"),
    {"private": gettext_noop("{who} changed a filter of their own")},
)
FILTER_REMOVED = verb(
    "filter.removed",
    gettext_noop("{who} removed the filter “{name}”"),
    {"private": gettext_noop("{who} removed a filter of their own")},
)
CARD_WAITS = verb("card.waits", gettext_noop("{who} let “{title}” wait for “{other}”"))
CARD_WAITS_NOT = verb(
    "card.waits_not", gettext_noop("{who} let “{title}” wait for “{other}” no longer")
)
CARD_BLOCKS = verb("card.blocks", gettext_noop("{who} made “{title}” come before “{other}”"))
CARD_BLOCKS_NOT = verb(
    "card.blocks_not", gettext_noop("{who} made “{title}” no longer come before “{other}”")
)
CARD_BLOCKED = verb("card.blocked", gettext_noop("{who} marked “{title}” as blocked: {reason}"))
CARD_UNBLOCKED = verb(
    "card.unblocked", gettext_noop("{who} took the mark off that “{title}” is blocked")
)
CARD_FREED = verb(
    "card.freed", gettext_noop("“{title}” waits for nothing any more: “{other}” is out of the way")
)
CARD_HELD = verb("card.held", gettext_noop("“{title}” waits again for “{other}”"))
CARD_LINKED = verb("card.linked", gettext_noop("{who} linked “{title}” to “{other}”"))
CARD_UNLINKED = verb("card.unlinked", gettext_noop("{who} unlinked “{title}” from “{other}”"))
BLOCKED_RULE = verb(
    "board.blocked_rule", gettext_noop("{who} changed what “{name}” does with blocked cards")
)
WORK_COUNTED = verb("work.counted", gettext_noop("{who} lets the work count as “{name}”"))
WORK_NOT_COUNTED = verb(
    "work.not_counted", gettext_noop("{who} lets the work count as “{name}” no longer")
)
NOTICE_UNBLOCKED = notice("unblocked", gettext_noop("A card of mine waits for nothing any more"))
COMMENT_ADDED = verb("comment.added", gettext_noop("{who} commented on “{title}”"))
COMMENT_CHANGED = verb("comment.changed", gettext_noop("{who} changed a comment on “{title}”"))
COMMENT_REMOVED = verb("comment.removed", gettext_noop("{who} deleted a comment on “{title}”"))
COMMENT_SIGNED = verb(
    "comment.signed",
    gettext_noop("{who} answered a comment on “{title}” with a sign"),
    {"off": gettext_noop("{who} took back a sign on a comment on “{title}”")},
)
MENTION = verb("comment.mention", gettext_noop("{who} mentioned you on “{title}”"))
FILE_ADDED = verb("attachment.added", gettext_noop("{who} attached “{file}” to “{title}”"))
FILE_RENEWED = verb(
    "attachment.renewed", gettext_noop("{who} brought version {number} of “{file}” on “{title}”")
)
FILE_TRASHED = verb("attachment.trashed", gettext_noop("{who} removed “{file}” from “{title}”"))
FILE_RESTORED = verb(
    "attachment.restored", gettext_noop("{who} brought back “{file}” on “{title}”")
)
MENTIONED = notice(
    "mentioned", gettext_noop("Somebody mentions me on a card"), at_once=True, placed=True
)
COMMENTED = notice(
    "commented",
    gettext_noop("Somebody comments on a card that is mine or that I watch"),
    gathers=True,
    placed=True,
)
IMPORT_UPLOADED = verb("board_import.uploaded", gettext_noop("{who} uploaded “{file}” as a board"))
IMPORT_MAPPED = verb("board_import.mapped", gettext_noop("{who} said how “{file}” is read"))
IMPORT_CONFIRMED = verb(
    "board_import.confirmed", gettext_noop("{who} started the import of “{file}”")
)
IMPORT_PERSON_NAMED = verb(
    "board_import.person_named", gettext_noop("{who} said that “{person}” of an import is {name}")
)
IMPORT_CANCELLED = verb(
    "board_import.cancelled", gettext_noop("{who} cancelled the import of “{file}”")
)
IMPORT_FAILED = verb("board_import.failed", gettext_noop("The import of “{file}” failed"))
IMPORT_UNDONE = verb("board_import.undone", gettext_noop("{who} undid the import of “{file}”"))
BOARD_FILLED = verb(
    "board.filled", gettext_noop("{who} imported “{file}” into “{name}”: {count} cards")
)
CARD_IMPORTED = verb("card.imported", gettext_noop("{who} imported “{title}” to {to}"))
CARD_HANDED_OVER = verb(
    "card.handed_over", gettext_noop("“{title}” was handed over to {to}, whom its import names")
)
CARD_ASSIGNED = verb("card.assigned", gettext_noop("{who} gave you “{title}”"))
CARD_HANDED_ON = verb(
    "card.handed_on",
    gettext_noop("{who} gave “{title}” to {name}"),
    {"nobody": gettext_noop("{who} took “{title}” from you")},
)
CARD_DUE = verb(
    "card.due",
    gettext_noop("“{title}” is due on {day}"),
    {"overdue": gettext_noop("“{title}” was due on {day}")},
    shown={"day": DAY},
)
NOTICE_ASSIGNED = notice(
    "assigned", gettext_noop("I become responsible for a card"), at_once=True, placed=True
)
NOTICE_CARD = notice(
    "card",
    gettext_noop("A card of mine or that I follow changes or moves"),
    gathers=True,
    placed=True,
)
NOTICE_DUE = notice(
    "due", gettext_noop("A card of mine is due tomorrow or today, or was due"), placed=True
)
FEED_MADE = verb(
    "calendar_feed.made", gettext_noop("{who} made a secret address for calendars: {name}")
)
FEED_RENEWED = verb(
    "calendar_feed.renewed", gettext_noop("{who} renewed a secret address for calendars: {name}")
)
FEED_WITHDRAWN = verb(
    "calendar_feed.withdrawn",
    gettext_noop("{who} withdrew a secret address for calendars: {name}"),
)
CAPACITY_SET = verb(
    "capacity.set",
    gettext_noop("{who} changed how many hours a week {name} has"),
    {"everybody": gettext_noop("{who} changed how many hours a week everybody has")},
)
FILE_RENAMED = verb(
    "attachment.renamed", gettext_noop("{who} renamed “{was}” on “{title}” to “{file}”")
)
CYCLE_OPENED = verb("cycle.opened", gettext_noop("{who} planned the cycle “{name}”"))
CYCLE_CHANGED = verb("cycle.changed", gettext_noop("{who} changed the cycle “{name}”"))
CYCLE_BEGUN = verb("cycle.begun", gettext_noop("{who} began the cycle “{name}”: {count} cards"))
CYCLE_CLOSED = verb(
    "cycle.closed",
    gettext_noop("{who} closed the cycle “{name}”: {done} cards done, {open} not"),
)
CYCLE_REOPENED = verb("cycle.reopened", gettext_noop("{who} took up the cycle “{name}” again"))
CYCLE_REMOVED = verb("cycle.removed", gettext_noop("{who} removed the cycle “{name}”"))
CARD_CARRIED = verb(
    "card.carried",
    gettext_noop("{who} carried “{title}” over to the cycle “{to}”"),
    {"nowhere": gettext_noop("{who} left “{title}” without a cycle")},
)
SERIES_ADDED = verb("series.added", gettext_noop("{who} lets “{title}” come back"))
SERIES_CHANGED = verb("series.changed", gettext_noop("{who} changed how “{title}” comes back"))
SERIES_PAUSED = verb("series.paused", gettext_noop("{who} lets “{title}” pause"))
SERIES_RESUMED = verb("series.resumed", gettext_noop("{who} lets “{title}” come back again"))
SERIES_STOPPED = verb("series.stopped", gettext_noop("{who} lets “{title}” come back no longer"))
SERIES_SKIPPED = verb(
    "series.skipped",
    gettext_noop("{who} leaves out “{title}” of {day}"),
    {"back": gettext_noop("{who} took back that “{title}” of {day} is left out")},
    {"day": DAY},
)
AUTOMATION_ADDED = verb("automation.added", gettext_noop("{who} added the rule “{name}”"))
AUTOMATION_CHANGED = verb("automation.changed", gettext_noop("{who} changed the rule “{name}”"))
AUTOMATION_REMOVED = verb("automation.removed", gettext_noop("{who} removed the rule “{name}”"))
AUTOMATION_STARTED = verb("automation.started", gettext_noop("{who} switched on the rule “{name}”"))
AUTOMATION_STOPPED = verb(
    "automation.stopped",
    gettext_noop("{who} switched off the rule “{name}”"),
    {
        "column": gettext_noop("The rule “{name}” is switched off: its column is gone"),
        "label": gettext_noop("The rule “{name}” is switched off: its label is gone"),
        "member": gettext_noop("The rule “{name}” is switched off: a person of it has left"),
        "goal": gettext_noop("The rule “{name}” is switched off: its goal is gone"),
    },
)
AUTOMATION_TELLS = verb("automation.tells", gettext_noop("{who} points you to “{title}”"))
NOTICE_AUTOMATION = notice(
    "automation", gettext_noop("A rule of a board tells me of a card, or is switched off"),
    placed=True,
)  # fmt: skip
APPROVAL_ASKED = verb("approval.asked", gettext_noop("{who} asked for approval of “{title}”"))
APPROVAL_ANSWERED = verb(
    "approval.answered",
    gettext_noop("{who} approved “{title}”"),
    {"changes": gettext_noop("{who} needs changes of “{title}”")},
)
APPROVAL_VOIDED = verb(
    "approval.voided",
    gettext_noop("{who} changed what was approved of “{title}”: it is asked again"),
)
APPROVAL_WITHDRAWN = verb(
    "approval.withdrawn", gettext_noop("{who} withdrew the question for approval of “{title}”")
)
APPROVAL_DUE = verb(
    "approval.due",
    gettext_noop("“{title}” waits for your approval until {day}"),
    {"overdue": gettext_noop("“{title}” waited for your approval until {day}")},
    shown={"day": DAY},
)
NOTICE_APPROVAL = notice(
    "approval",
    gettext_noop("I am asked for approval, or what I asked for is answered"),
    at_once=True,
    placed=True,
)
FORM_MADE = verb("request_form.made", gettext_noop("{who} made the request form “{name}”"))
FORM_CHANGED = verb("request_form.changed", gettext_noop("{who} changed the request form “{name}”"))
FORM_ARCHIVED = verb(
    "request_form.archived",
    gettext_noop("{who} archived the request form “{name}”"),
    {"back": gettext_noop("{who} brought back the request form “{name}”")},
)
FORM_READDRESSED = verb(
    "request_form.readdressed", gettext_noop("{who} gave the request form “{name}” a new address")
)
REQUEST_SENT = verb(
    "request.sent",
    gettext_noop("{who} sent “{title}” by the form “{form}”"),
    {"public": gettext_noop("Somebody sent “{title}” by the form “{form}”")},
)
NOTICE_REQUEST = notice(
    "request", gettext_noop("A request comes by a form that names me"), placed=True
)
verb_group(
    "cards",
    gettext_noop("Boards and cards"),
    "board column card item label field filter comment attachment board_import work "
    "calendar_feed capacity cycle series automation approval request_form request",
)
