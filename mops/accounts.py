"""How allauth behaves here: sign-up by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up from the outside; people come by invitation or by command."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: one setting for pages and programs alike."""
        return False
