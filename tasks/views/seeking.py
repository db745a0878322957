"""Looking for cards where they are shown in another way than on their board."""

from tasks.forms.filters import WantedForm
from tasks.http import wanted_of
from tasks.models import Board
from tasks.queries.choices import chips_of, query_of
from workspaces.http import MemberRequest


def looked_for(request: MemberRequest, board: Board) -> dict[str, object]:
    """What a page needs that looks for cards in another way: the words, chips and the form."""
    wanted = wanted_of(request)
    return {
        "wanted": wanted,
        "query": query_of(wanted),
        "chips": chips_of(wanted, board) if wanted else [],
        "seek": WantedForm(initial=WantedForm.values_of(wanted), board=board),
    }
