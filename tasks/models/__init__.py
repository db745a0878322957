"""The public nouns of the intent."""

from tasks.models.approvals import Approval, ApprovalAnswer, Approver
from tasks.models.attachments import Attachment, AttachmentVersion
from tasks.models.automations import Automation, AutomationRun
from tasks.models.boards import Board, Column
from tasks.models.capacities import Capacity
from tasks.models.cards import Card, CardLabel, CardPerson, ChecklistItem, Priority, Stay
from tasks.models.choices import BoardChoice, KeyChoice, SavedFilter
from tasks.models.comments import Comment, Reaction, Sign
from tasks.models.counts import ToldCount, WorkCount
from tasks.models.cycle_cards import CycleCard
from tasks.models.cycles import Cycle
from tasks.models.dependencies import Blocking, Dependency
from tasks.models.imports import BoardImport, ImportedCard, ImportedPart, ImportedPerson
from tasks.models.intake import (
    RequestForm,
    RequestFormPerson,
    RequestFormVersion,
    Submission,
)
from tasks.models.labels import Colour, CustomField, Label
from tasks.models.links import CardLink
from tasks.models.series import CardSeries, SeriesDay
from tasks.models.templates import CardTemplate
from tasks.models.views import CalendarFeed, ListChoice

__all__ = [
    "Approval",
    "ApprovalAnswer",
    "Approver",
    "Attachment",
    "AttachmentVersion",
    "Automation",
    "AutomationRun",
    "Blocking",
    "Board",
    "BoardChoice",
    "BoardImport",
    "CalendarFeed",
    "Capacity",
    "Card",
    "CardLabel",
    "CardLink",
    "CardPerson",
    "CardSeries",
    "CardTemplate",
    "ChecklistItem",
    "Colour",
    "Column",
    "Comment",
    "CustomField",
    "Cycle",
    "CycleCard",
    "Dependency",
    "ImportedCard",
    "ImportedPart",
    "ImportedPerson",
    "KeyChoice",
    "Label",
    "ListChoice",
    "Priority",
    "Reaction",
    "RequestForm",
    "RequestFormPerson",
    "RequestFormVersion",
    "SavedFilter",
    "SeriesDay",
    "Sign",
    "Stay",
    "Submission",
    "ToldCount",
    "WorkCount",
]
