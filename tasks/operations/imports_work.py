"""What an import of a board has in hand while it is stored."""

from dataclasses import dataclass, field
from datetime import datetime

from goals.models import Goal
from tasks.models import Board, BoardImport, Card, CustomField, Label
from tasks.operations.imports_people import Names
from tasks.operations.imports_places import Place
from tasks.rules.imports.tree import BoardFound, CardFound

BATCH = 500


@dataclass
class Storing:
    """What is stored and what it refers to; how many comments, links and dependencies came."""

    run: BoardImport
    found: BoardFound
    board: Board
    places: dict[str, Place]
    names: Names
    labels: dict[str, Label]
    fields: dict[str, CustomField]
    goals: dict[str, Goal]
    at: datetime
    made: list[tuple[Card, CardFound]] = field(default_factory=list)
    comments: int = 0
    links: int = 0
    waits: int = 0
