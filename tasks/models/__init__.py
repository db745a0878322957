"""The public nouns of the work."""

from tasks.models.boards import Board, Column
from tasks.models.cards import Card, ChecklistItem

__all__ = ["Board", "Card", "ChecklistItem", "Column"]
