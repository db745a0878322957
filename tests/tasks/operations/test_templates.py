"""Templates of cards: kept beside the board, made into cards, changed by one at a time."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Card, CardTemplate
from tasks.operations.templates import (
    TemplateDraft,
    add_from_template,
    change_template,
    draft_like,
    remove_template,
    save_template,
)
from tests.make.tasks import column_of, make_board, make_card, make_field, make_label
from tests.tasks.api.test_cards import errors_of
from tests.tasks.events import verbs_of, versions_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme"


def test_a_card_becomes_a_template_and_the_template_cards(board, acme, ed, mia, noon):
    field, label = make_field(acme), make_label(acme)
    card = make_card(
        board, "Letter", description="Text", assignee=ed, helpers=(mia,), labels=(label,),
        priority=2, values={field: 5}, checklist=("One", "Two"), due_on=date(2026, 4, 1),
    )  # fmt: skip
    made = save_template(board, draft=draft_like(card), by=ed, at=noon)
    made = change_template(made, version=1, changes={"due_in": 3}, by=ed, at=noon)
    assert verbs_of(made) == ["card.template_saved", "card.template_changed"]
    assert versions_of(made) == [1, 2]
    assert Card.objects.count() == 1
    ready = column_of(board, "Ready")
    new = add_from_template(made, ready, nonce="n", by=mia, at=noon)
    assert add_from_template(made, ready, nonce="n", by=mia, at=noon) == new
    same = ("title", "description", "assignee", "priority", "values")
    assert [getattr(new, name) for name in same] == [getattr(card, name) for name in same]
    assert (new.column, new.due_on, new.number) == (ready, date(2026, 3, 5), 2)
    assert [item.text for item in new.items.order_by("position")] == ["One", "Two"]
    assert new.labels.get().label == label
    assert new.people.get(part="helper").member == mia
    remove_template(made, version=2, by=ed, at=noon)
    assert (CardTemplate.objects.count(), Card.objects.count()) == (0, 2)


def test_O01_of_two_who_change_a_template_the_later_is_told(board, ed, mia, noon):
    made = save_template(board, draft=TemplateDraft("Letter"), by=ed, at=noon)
    change_template(made, version=1, changes={"title": "Mail"}, by=ed, at=noon)
    with pytest.raises(Stale) as stale:
        change_template(made, version=1, changes={"title": "Post"}, by=mia, at=noon)
    assert stale.value.current.title == "Mail"
    with pytest.raises(Stale):
        remove_template(made, version=1, by=mia, at=noon)


def test_what_a_template_cannot_say_is_refused(board, acme, ed, noon):
    for draft, field in (
        (TemplateDraft(" "), "title"),
        (TemplateDraft("A", due_in=-1), "due_in"),
        (TemplateDraft("A", checklist=["x" * 501]), "checklist"),
        (TemplateDraft("A", checklist=["x"] * 201), "checklist"),
    ):
        with pytest.raises(Refused) as refusal:
            save_template(board, draft=draft, by=ed, at=noon)
        assert refusal.value.field == field
    made = save_template(board, draft=TemplateDraft("A"), by=ed, at=noon)
    with pytest.raises(Refused):
        add_from_template(made, column_of(make_board(acme, "B"), "Ready"), by=ed, at=noon)
    assert (CardTemplate.objects.count(), Card.objects.count()) == (1, 0)


def test_the_pages_write_use_and_remove_it(board, ed, client_of):
    client, url = client_of(ed), f"/w/acme/boards/{board.pk}/templates/"
    card = make_card(board, "Letter", checklist=("One",))
    client.post(f"/w/acme/cards/{card.pk}/template/")
    assert client.post(f"{url}new/", {"title": "Film", "due_in": "2"}).status_code == 302
    assert client.post(f"{url}new/", {"title": "", "due_in": "-2"}).status_code == 422
    letter = CardTemplate.objects.get(title="Letter")
    shown = client.get(url).content.decode()
    assert ("Letter" in shown, "Film" in shown, "due in 2 days" in shown) == (True, True, True)
    first = client.get(f"/w/acme/cards/new/?board={board.pk}", HTTP_HX_REQUEST="true")
    link = f"template={letter.pk}"
    assert link in first.content.decode()
    begun = client.get(f"/w/acme/cards/new/?board={board.pk}&{link}").content.decode()
    assert ('value="Letter"' in begun, "One</textarea>" in begun) == (True, True)
    client.post(f"/w/acme/boards/templates/{letter.pk}/remove/", {"version": 1})
    assert CardTemplate.objects.get().title == "Film"


def test_the_same_over_rest(board, acme, ed, mia, api_of):
    api, url = api_of(ed), f"{API}/boards/{board.pk}/card-templates/"
    card = make_card(board, "Letter", checklist=("One",))
    told = api.post(url, {"card": card.pk, "due_in": 1}, format="json")
    assert (told.status_code, told.json()["checklist"]) == (201, ["One"])
    one = f"{API}/card-templates/{told.json()['id']}/"
    assert [row["title"] for row in api.get(url).json()["results"]] == ["Letter"]
    changed = api.patch(one, {"version": 1, "title": "Post", "assignee": mia.pk}, format="json")
    assert (changed.json()["title"], changed.json()["version"]) == ("Post", 2)
    late = api.patch(one, {"version": 1, "title": "Late"}, format="json")
    assert (late.status_code, late.json()["current"]["title"]) == (409, "Post")
    made = api.post(f"{one}cards/", {"title": "To Ana", "nonce": "n"}, format="json")
    assert (made.status_code, made.json()["title"], made.json()["items"]) == (201, "To Ana", 1)
    assert errors_of(api.post(url, {}, format="json")) == {"/title": "required"}
    elsewhere = make_card(make_board(acme, "B"))
    assert errors_of(api.post(url, {"card": elsewhere.pk}, format="json")) == {
        "/card": "other_board"
    }
    assert api.delete(one, {"version": 2}, format="json").status_code == 204


def test_the_list_asks_the_same_for_any_number_of_templates(board, ed, noon, client_of, acme):
    counts, label = [], make_label(acme)
    for count in (2, 20):
        for number in range(count):
            draft = TemplateDraft(f"{count} {number}", labels=(label,), helpers=(ed,))
            save_template(board, draft=draft, by=ed, at=noon)
        with CaptureQueriesContext(connection) as asked:
            client_of(ed).get(f"/w/acme/boards/{board.pk}/templates/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
