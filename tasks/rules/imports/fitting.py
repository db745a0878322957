"""A board of a file as MOps can hold it: texts cut to their lengths, and told where they were."""

from dataclasses import replace
from decimal import Decimal

from tasks.rules.files import is_address
from tasks.rules.imports.tree import (
    BoardFound,
    CardFound,
    ColumnFound,
    CommentFound,
    ItemFound,
    LabelFound,
    LinkFound,
)
from workspaces.rules.letters import seen

TITLE, TEXT, ITEM, NAME, COLUMN, LABEL, FIELD = 200, 20_000, 500, 80, 40, 40, 60
MOST_ITEMS, MOST_LINKS, LONGEST_ADDRESS = 200, 200, 2000
LARGEST_ESTIMATE = Decimal("99999.99")
NO_TITLE, NO_NAME = "…", "…"


def fitted(board: BoardFound) -> BoardFound:
    """The same board within the lengths and limits of cards; what was cut is in its `left`."""
    board.name = cut(seen(board.name), NAME) or NO_NAME
    board.columns = _columns(board)
    board.labels = [replace(label, name=_label(label)) for label in board.labels]
    board.fields = [
        replace(found, name=cut(seen(found.name), FIELD) or NO_NAME) for found in board.fields
    ]
    for card in board.cards:
        _fit(board, card)
    return board


def _label(label: LabelFound) -> str:
    """Its name, or what its colour is called."""
    return cut(seen(label.name) or label.colour.replace("_", " ").capitalize(), LABEL)


def cut(text: str, most: int) -> str:
    """The text, or as much of it as has room, with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _columns(board: BoardFound) -> list[ColumnFound]:
    """Columns with names that are short, there, and each another's."""
    taken: set[str] = set()
    columns = []
    for column in board.columns:
        name, number = cut(seen(column.name), COLUMN) or NO_NAME, 1
        while name.casefold() in taken:
            number += 1
            tail = f" ({number})"
            name = cut(column.name or NO_NAME, COLUMN - len(tail)) + tail
        if name != column.name and column.name:
            board.leave("column_renamed", what=f"{column.name} → {name}")
        if not column.is_archived:
            taken.add(name.casefold())
        columns.append(replace(column, name=name))
    return columns


def _fit(board: BoardFound, card: CardFound) -> None:
    _fit_texts(board, card)
    if card.start and card.due and card.start > card.due:
        board.leave("start_after_due", card.where, f"{card.title}: {card.start.isoformat()}")
        card.start = None
    if card.estimate is not None:
        card.estimate = round(card.estimate, 2)
        if not 0 < card.estimate <= LARGEST_ESTIMATE:
            if card.estimate:
                board.leave("estimate_unfit", card.where, card.title)
            card.estimate = None
    items = [item for item in card.items if seen(item.text)]
    if len(items) > MOST_ITEMS:
        board.leave("items_cut", card.where, f"{card.title}: {len(items)}")
    card.items = [_item(board, card, item) for item in items[:MOST_ITEMS]]
    card.comments = [_comment(board, card, said) for said in _said(card)]


def _fit_texts(board: BoardFound, card: CardFound) -> None:
    """A title that is too long begins the description; what is no link of ours ends it."""
    card.title = seen(card.title) or NO_TITLE
    parts = [card.description]
    if len(card.title) > TITLE:
        board.leave("title_cut", card.where, cut(card.title, TITLE))
        parts.insert(0, card.title)
        card.title = cut(card.title, TITLE)
    links = [link for link in card.links if link.url]
    for file in card.links:
        if not file.url:
            board.leave("file_left", card.where, f"{card.title}: {file.name}")
    card.links = [link for link in links if _is_ours(link)][:MOST_LINKS]
    others = [link for link in links if link not in card.links]
    if others:
        parts.append("\n".join(map(_link, others)))
    text = "\n\n".join(part for part in parts if part)
    if len(text) > TEXT:
        board.leave("description_cut", card.where, card.title)
    card.description = cut(text, TEXT)


def _is_ours(link: LinkFound) -> bool:
    """Whether a card can keep it beside its files."""
    return len(link.url) <= LONGEST_ADDRESS and is_address(link.url)


def _link(link: LinkFound) -> str:
    """A line of Markdown that leads to a file in the other tool, or names it."""
    name, url = link.name or link.url, link.url
    shown = "".join(f"\\{sign}" if sign in "[]\\`*_<>" else sign for sign in name)
    is_web = url.startswith(("https://", "http://")) and not set(url) & set(" <>()\n\\")
    return f"- [{shown}]({url})" if is_web else f"- {shown}"


def _item(board: BoardFound, card: CardFound, item: ItemFound) -> ItemFound:
    if len(item.text) > ITEM:
        board.leave("item_cut", card.where, cut(item.text, LABEL))
    return replace(item, text=cut(item.text, ITEM))


def _said(card: CardFound) -> list[CommentFound]:
    """The comments that say something, each still an answer to the same one."""
    places: dict[int | None, int] = {}
    kept: list[CommentFound] = []
    for place, said in enumerate(card.comments, start=1):
        if seen(said.text):
            kept.append(replace(said, answers=places.get(said.answers)))
            places[place] = len(kept)
    return kept


def _comment(board: BoardFound, card: CardFound, said: CommentFound) -> CommentFound:
    text = said.text.strip()
    if len(text) > TEXT:
        board.leave("comment_cut", card.where, card.title)
    return replace(said, text=cut(text, TEXT))
