"""The public nouns of the intent."""

from tasks.models.approvals import Approval, ApprovalAnswer, Approver
from tasks.models.attachments import Attachment, AttachmentVersion
from tasks.models.boards import Board, Column
from tasks.models.cards import Card, CardLabel, CardPerson, ChecklistItem, Priority, Stay
from tasks.models.choices import BoardChoice, SavedFilter
from tasks.models.comments import Comment, Reaction, Sign
from tasks.models.counts import ToldCount, WorkCount
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

__all__ = [
    "Approval",
    "ApprovalAnswer",
    "Approver",
    "Attachment",
    "AttachmentVersion",
    "Blocking",
    "Board",
    "BoardChoice",
    "BoardImport",
    "Card",
    "CardLabel",
    "CardLink",
    "CardPerson",
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
    "RequestForm",
    "RequestFormPerson",
    "RequestFormVersion",
    "SavedFilter",
    "Sign",
    "Stay",
    "Submission",
    "ToldCount",
    "WorkCount",
]
