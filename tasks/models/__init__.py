"""The public nouns of the intent."""

from tasks.models.attachments import Attachment, AttachmentVersion
from tasks.models.automations import Automation, AutomationRun
from tasks.models.boards import Board, Column
from tasks.models.cards import Card, CardLabel, CardPerson, ChecklistItem, Priority, Stay
from tasks.models.choices import BoardChoice, SavedFilter
from tasks.models.comments import Comment, Reaction, Sign
from tasks.models.counts import ToldCount, WorkCount
from tasks.models.dependencies import Blocking, Dependency
from tasks.models.imports import BoardImport, ImportedCard, ImportedPart, ImportedPerson
from tasks.models.labels import Colour, CustomField, Label
from tasks.models.links import CardLink
from tasks.models.series import CardSeries, SeriesDay

__all__ = [
    "Attachment",
    "AttachmentVersion",
    "Automation",
    "AutomationRun",
    "Blocking",
    "Board",
    "BoardChoice",
    "BoardImport",
    "Card",
    "CardLabel",
    "CardLink",
    "CardPerson",
    "CardSeries",
    "ChecklistItem",
    "Colour",
    "Column",
    "Comment",
    "CustomField",
    "Dependency",
    "ImportedCard",
    "ImportedPart",
    "ImportedPerson",
    "Label",
    "Priority",
    "Reaction",
    "SavedFilter",
    "SeriesDay",
    "Sign",
    "Stay",
    "ToldCount",
    "WorkCount",
]
