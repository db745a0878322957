"""Markdown as people write it on cards, made into HTML that holds nothing but what is listed here.

What a text names (a card, a person, a file) is left as a mark in the HTML, because it may be
called otherwise tomorrow: `fill` puts in what it is called now. Nobody can write such a mark,
since HTML in a text is text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

LARGEST_ID = 2**63 - 1
KEPT = 512  # texts whose HTML a process remembers
LINKED = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
OWN_FILE = re.compile(r"attachment:(\d{1,18})\Z")
CARD = re.compile(r"#(\d{1,9})(?![\w-])")
MEMBER = re.compile(r"@\[([^\[\]\n]{1,120})\]\(member:(\d{1,18})\)")
EMAIL = re.compile(r"@([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
TICK = re.compile(r"\[([ xX])\]\s+(?=\S)")
MARK = re.compile(r'<span data-(card|member|email|file|tick)="([^"]*)">([^<]*)</span>')
BLOCKS = frozenset({"p", "h4", "h5", "h6", "li", "blockquote", "th", "td", "ul", "ol"})
SMALLER = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6"}  # a card has its own above
TAGS = BLOCKS | {"a", "br", "code", "del", "em", "hr", "pre", "s", "span", "strong"}
TAGS |= {"table", "tbody", "thead", "tr"}
MARKS = {"data-card", "data-member", "data-email", "data-file", "data-tick"}


@dataclass(frozen=True)
class Named:
    """What texts name: cards by number, people by id or e-mail address, files by id."""

    cards: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()
    files: frozenset[int] = frozenset()


@lru_cache(maxsize=KEPT)
def to_html(text: str) -> str:
    """The text as safe HTML, with marks where it names something; the same text costs once.

    Apostrophes are entities as in everything that a template escapes.
    """
    return _cleaner().clean(_parser().render(text)).replace("'", "&#x27;")


def named_in(texts: Iterable[str]) -> Named:
    """What the texts name outside of code, each once."""
    found: dict[str, set[str]] = {kind: set() for kind in ("card", "member", "email", "file")}
    for text in texts:
        for kind, value, _words in MARK.findall(to_html(text)):
            found.setdefault(kind, set()).add(value)
    return Named(
        cards=frozenset(map(int, found["card"])),
        members=frozenset(map(int, found["member"])),
        emails=frozenset(found["email"]),
        files=frozenset(map(int, found["file"])),
    )


def fill(html: str, draw: Callable[[str, str, str], str]) -> str:
    """The HTML with each mark drawn: kind, what it names, and the words (HTML) that stood there."""
    return MARK.sub(lambda mark: draw(*mark.groups()), html)


@cache
def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    markdown.enable(["table", "strikethrough", "linkify"])
    markdown.validateLink = lambda url: bool(LINKED.match(url) or OWN_FILE.match(url))  # type: ignore[method-assign]
    if markdown.linkify is not None:
        markdown.linkify.set({"fuzzy_link": False})  # notes.md is a name, not an address
    markdown.inline.ruler.before("link", "named", _named)
    markdown.core.ruler.push("for_cards", _for_cards)
    markdown.add_render_rule("named", _draw_mark)
    return markdown


@cache
def _cleaner() -> nh3.Cleaner:
    attributes = {tag: {"dir"} for tag in BLOCKS}
    attributes |= {"*": set(), "a": {"href"}, "span": set(MARKS)}
    attributes["ol"] = {"dir", "start"}
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=attributes,
        attribute_filter=lambda _tag, name, value: (
            None if name == "href" and not LINKED.match(value) else value
        ),
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
        set_tag_attribute_values={"pre": {"dir": "ltr"}, "code": {"dir": "ltr"}},
    )


def _named(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  the library's own shape
    """`#12`, `@[Ed](member:5)` and `@ed@acme.example`, where no word runs into them."""
    start = state.pos
    if state.linkLevel or state.src[start] not in "#@":
        return False
    if start and (state.src[start - 1].isalnum() or state.src[start - 1] in "_&/#@"):
        return False
    for kind, pattern in (("member", MEMBER), ("email", EMAIL), ("card", CARD)):
        found = pattern.match(state.src, start, state.posMax)
        if found is None:
            continue
        if not silent:
            words, value = found.group(), found.groups()[-1]
            token = state.push("named", "", 0)
            token.content = f"@{found.group(1)}" if kind == "member" else words
            token.meta = {kind: value.lower() if kind == "email" else str(int(value))}
        state.pos = found.end()
        return True
    return False


def _for_cards(state: StateCore) -> None:
    """Headings below the card's own, a direction for each block, pictures as links, ticks."""
    for place, token in enumerate(state.tokens):
        token.tag = SMALLER.get(token.tag, token.tag)
        if token.nesting == 1 and token.tag in BLOCKS:
            token.attrs.pop("style", None)
            if not token.level or token.tag in {"th", "td"}:  # what stands inside goes along
                token.attrSet("dir", "auto")
        elif token.type in {"fence", "code_block"}:
            token.info = ""
        elif token.type == "inline" and token.children:
            if place > 1 and state.tokens[place - 2].type == "list_item_open":
                token.children = _ticked(token.children)
            token.children = list(_without_pictures(token.children))


def _ticked(children: list[Token]) -> list[Token]:
    """A line of a list that begins with [ ] or [x] begins with a box."""
    first = children[0]
    box = TICK.match(first.content) if first.type == "text" else None
    if box is None:
        return children
    mark = Token("named", "", 0, meta={"tick": "0" if box.group(1) == " " else "1"})
    first.content = first.content[box.end() :]
    return [mark, *children]


def _without_pictures(children: list[Token]) -> Iterator[Token]:
    """A picture from elsewhere is a link to it; a picture or link to a file of ours is a mark."""
    inside: list[Token] | None = None
    for child in children:
        address = str(child.attrGet("src") or child.attrGet("href") or "")
        own = OWN_FILE.match(address)
        if inside is not None and child.type != "link_close":
            inside[0].content += child.content
        elif inside is not None:
            yield inside.pop()
            inside = None
        elif own:
            mark = Token("named", "", 0, meta={"file": str(int(own.group(1)))})
            mark.content = child.content
            if child.type == "image":
                yield mark
            else:
                inside = [mark]
        elif child.type == "image":
            yield Token("link_open", "a", 1, attrs={"href": address})
            yield Token("text", "", 0, content=child.content or address)
            yield Token("link_close", "a", -1)
        else:
            yield child


def _draw_mark(_renderer: object, tokens: list[Token], place: int, *_more: object) -> str:
    token = tokens[place]
    (kind, value), *_none = token.meta.items()
    return f'<span data-{kind}="{escapeHtml(value)}">{escapeHtml(token.content)}</span>'
