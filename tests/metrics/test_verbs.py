"""How the log tells the end of an import."""

import pytest

from metrics.verbs import IMPORT_ENDED
from workspaces.models.events import Event
from workspaces.queries.events import sentence_of

SENTENCES = {
    "done": "x.csv imported: 3 new, 1 corrected",
    "refused": "x.csv was not imported: 2 of its rows were rejected",
    "failed": "The import of x.csv failed, nothing was stored",
    "cancelled": "The import of x.csv was cancelled, nothing was stored",
}


@pytest.mark.parametrize("state", SENTENCES)
def test_each_ending_has_its_own_sentence(state):
    told = {"file": "x.csv", "state": state, "new": 3, "changed": 1, "rejected": 2}
    event = Event(verb=IMPORT_ENDED.name, by_name="Ana K.", data=told)
    assert sentence_of(event) == SENTENCES[state]
