"""The forms of a page, filled as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TICKED = {"checkbox", "radio"}
NOT_SENT = {"submit", "button", "file", "image"}


@dataclass
class Filled:
    """Where a form goes, by which method, and what it says."""

    action: str
    method: str
    said: dict[str, list[str]] = field(default_factory=dict)

    def says(self, name: str, value: str) -> None:
        self.said.setdefault(name, []).append(value)


class Reader(HTMLParser):
    """Collects forms with what they say, and the addresses of links and of parts loaded later."""

    def __init__(self):
        super().__init__()
        self.forms: list[Filled] = []
        self.links: list[str] = []
        self.form = self.area = self.select = None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.links += [found[name] for name in ("href", "hx-get") if found.get(name)]
        if tag == "form":
            action, method = found.get("action") or "", found.get("method") or "get"
            self.form = Filled(action, method)
            self.forms.append(self.form)
        if self.form is not None:
            self.inside(tag, found)

    def inside(self, tag, found):
        name, value = found.get("name"), found.get("value")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in found:
            self.form.says(self.select, value or "")
        elif tag == "textarea" and name:
            self.area = (name, [])
        elif tag == "input" and name:
            self.typed(name, value, found)

    def typed(self, name, value, found):
        is_box = found.get("type") in TICKED
        if found.get("type") in NOT_SENT or (is_box and "checked" not in found):
            return
        self.form.says(name, value or ("on" if is_box else ""))

    def handle_data(self, data):
        if self.area:
            self.area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            name, text = self.area
            self.form.says(name, "".join(text).removeprefix("\n"))
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.form = None


def read(answer) -> Reader:
    """What a page holds."""
    reader = Reader()
    reader.feed(answer.content.decode())
    return reader


def form_on(answer, action: str) -> dict[str, list[str]]:
    """What the form of a page that goes there would send; a form without an address goes back."""
    forms = [one for one in read(answer).forms if one.method == "post"]
    for one in forms:
        if one.action.partition("#")[0] == action:
            return dict(one.said)
    return next(dict(one.said) for one in forms if not one.action)
