"""Boards made from a seed with all that a card can have, as MOps writes them."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tasks.rules.imports.mops import head_of, thing_of
from tasks.rules.imports.tree import (
    BoardFound,
    CardFound,
    ColumnFound,
    CommentFound,
    FieldFound,
    ItemFound,
    LabelFound,
    LinkFound,
    PersonFound,
)

ODD = ["Plain", "=1+1", 'Say "hello"', "ده کار", "e\u0301", "<b>bold</b>", "'quoted", "a, b; c"]
LONG = ["", "One\n\nTwo", "* a\n* b", "-- \n| x |", "tab\there"]
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
NAMES = ["To Do", "Doing", "Done"]
FIELDS = [
    FieldFound("Channel", "Channel", "choice", ("web", "mail")),
    FieldFound("Live", "Live", "yes_no"),
    FieldFound("Budget", "Budget", "number"),
    FieldFound("On", "On", "day"),
    FieldFound("Owner", "Owner", "person"),
    FieldFound("Page", "Page", "link"),
    FieldFound("Note", "Note", "text"),
]


def make_tree(seed: int, people: list[PersonFound], *, cards=12) -> BoardFound:
    """A board whose people are these; the last one is nobody here."""
    dice = random.Random(seed)
    labels = [LabelFound("Ads", "Ads", "red"), LabelFound("Mail", "Mail", "teal")]
    board = BoardFound(
        "mops",
        f"Board {seed}",
        lanes="priority",
        person_limit=9,
        blocked_is_hard=seed % 2 == 0,
        hides=("goal", "age") if seed % 3 else (),
        columns=[
            ColumnFound("To Do", "To Do", wip_limit=40, wip_limit_is_hard=False, entry=("due",)),
            ColumnFound("Doing", "Doing", lane_limit=3),
            ColumnFound("Done", "Done", is_done=True),
        ],
        labels=labels,
        people=people,
        fields=FIELDS,
    )
    found = [_card(dice, number, [one.key for one in people]) for number in range(cards)]
    board.cards = sorted(found, key=lambda card: NAMES.index(card.column))
    return board


def written(board: BoardFound) -> str:
    """The board as MOps writes it."""
    return json.dumps(head_of(board) | {"cards": [thing_of(card) for card in board.cards]})


def unnumbered(text: str) -> dict:
    """A board's file with cards called by their place in it: numbers are given anew."""
    told = json.loads(text)
    places = {card["key"]: place for place, card in enumerate(told["cards"])}
    for card in told["cards"]:
        card["key"] = places[card["key"]]
        if "blocked_by" in card:
            card["blocked_by"] = [places[key] for key in card["blocked_by"]]
    return told


def _card(dice: random.Random, number: int, people: list[str]) -> CardFound:
    column, is_archived = dice.choice(NAMES), dice.random() < 0.3
    at = START + timedelta(hours=number)
    team = dice.sample(people, dice.randrange(len(people) + 1))
    due = date(2026, 3, 1) + timedelta(days=dice.randrange(40))
    return CardFound(
        key=str(number + 1),
        title=f"{dice.choice(ODD)} {number}",
        column=column,
        description=dice.choice(LONG),
        came_from="Doing" if column == "Done" and dice.random() < 0.5 else "",
        is_archived=is_archived,
        archived_at=at if is_archived else None,
        start=due - timedelta(days=3) if dice.random() < 0.5 else None,
        due=due if dice.random() < 0.7 else None,
        done_at=at if column == "Done" else None,
        created_at=START,
        since=at,
        creator=people[0],
        priority=dice.choice(["", "low", "medium", "high", "urgent"]),
        estimate=dice.choice([None, Decimal("0.25"), Decimal("1200.50")]),
        labels=tuple(sorted(dice.sample(["Ads", "Mail"], dice.randrange(3)))),
        responsible=team[0] if team else "",
        people=tuple(team),
        watchers=tuple(dice.sample(people, dice.randrange(2))),
        reports_to=dice.choice(["", people[1]]),
        items=[_item(dice, place, people) for place in range(dice.randrange(4))],
        comments=[_comment(dice, place, people) for place in range(dice.randrange(4))],
        links=[
            LinkFound(
                f"{dice.choice(ODD).replace('/', ' ')} {place}", f"https://example.com/{place}?a=b"
            )
            for place in range(dice.randrange(3))
        ],
        blocked_by=tuple(
            map(str, sorted(dice.sample(range(1, number + 1), dice.randrange(min(number, 3) + 1))))
        ),
        values=_values(dice, people),
    )


def _item(dice: random.Random, place: int, people: list[str]) -> ItemFound:
    is_done = dice.random() < 0.5
    return ItemFound(
        f"{dice.choice(ODD)} {place}",
        is_done,
        dice.choice(["", *people]),
        dice.choice([None, date(2026, 3, 9)]),
        START if is_done else None,
    )


def _comment(dice: random.Random, place: int, people: list[str]) -> CommentFound:
    """Its text, who said it, and perhaps the first comment, which it answers."""
    answers = 1 if place and dice.random() < 0.5 else None
    at = START + timedelta(minutes=place)
    return CommentFound(f"{dice.choice(ODD)}\n\n**{place}**", dice.choice(people), at, answers)


def _values(dice: random.Random, people: list[str]) -> dict[str, str]:
    told = {
        "Channel": dice.choice(["web", "mail"]),
        "Live": dice.choice(["true", "false"]),
        "Budget": dice.choice(["0", "-12.5", "100000"]),
        "On": "2026-04-01",
        "Owner": people[0],
        "Page": "https://example.com/a?b=c",
        "Note": dice.choice(ODD),
    }
    return {key: value for key, value in told.items() if dice.random() < 0.6}
