"""Forms as a browser reads them: what stands in the fields, filled in, and sent where they go."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client

Sent = dict[str, list[str]]
NEVER_SENT = {"submit", "button", "image", "reset", "file"}


@dataclass
class Form:
    """One form of a page: where it goes, and what a browser would send of it as it stands."""

    action: str
    method: str
    values: Sent = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    """Collects the forms of a page, with fields that name a form from outside of it."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.open: Form | None = None
        self.select: tuple[Form, str, list[str], list[str]] | None = None
        self.area: tuple[Form, str, list[str]] | None = None

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self.open)
            self.by_id[told.get("id", "")] = self.open
            return
        form = self.by_id.get(told["form"]) if "form" in told else self.open
        if tag == "option" and self.select is not None:
            self._option(told)
        elif form is not None and "name" in told and "disabled" not in told:
            self._field(form, tag, told)

    def _field(self, form, tag, told):
        name = told["name"]
        form.known.add(name)
        if tag == "select":
            self.select = (form, name, [], [])
        elif tag == "textarea":
            self.area = (form, name, [])
        elif tag == "button":
            form.buttons.append((name, told.get("value", "")))
        elif tag == "input" and told.get("type", "text") not in NEVER_SENT:
            ticked = told.get("type") in {"checkbox", "radio"}
            if not ticked or "checked" in told:
                form.keep(name, told.get("value", "on" if ticked else ""))

    def _option(self, told):
        _form, _name, chosen, offered = self.select
        offered.append(told.get("value", ""))
        if "selected" in told:
            chosen.append(told.get("value", ""))

    def handle_data(self, data):
        if self.area is not None:
            self.area[2].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "select" and self.select is not None:
            form, name, chosen, offered = self.select
            for value in chosen or offered[:1]:
                form.keep(name, value)
            self.select = None
        elif tag == "textarea" and self.area is not None:
            form, name, said = self.area
            form.keep(name, "".join(said).removeprefix("\n"))
            self.area = None


def forms_of(page: HttpResponse) -> list[Form]:
    reader = _Reader()
    reader.feed(page.content.decode())
    return reader.forms


def form_with(page: HttpResponse, *names: str) -> Form:
    """The form of the page that has all of these fields or buttons."""
    found = [form for form in forms_of(page) if set(names) <= form.known]
    assert found, f"no form with {names}"
    return found[0]


def submit(browser: Client, url: str, /, **filled: object) -> HttpResponse:
    """Open a page, fill in the form that has these fields, send it, and follow where it leads."""
    page = browser.get(url)
    assert page.status_code == 200, page.content.decode()
    form = form_with(page, *filled)
    answer = browser.post(urljoin(url, form.action), form.values | filled, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer
