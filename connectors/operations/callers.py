"""Who asks on behalf of a connector: its secrets opened, its renewed tokens kept."""

from collections.abc import Mapping

from connectors.models.connectors import Connector
from connectors.queries.connectors import words_of
from connectors.rules.description import Description
from connectors.sources.calling import Caller, Clock, Keys, Trouble
from metrics.rules.faults import Fault, Unreadable
from workspaces.sources.vault import NoKey, opened, sealed
from workspaces.sources.web import Limits


def _refuse_lacking(description: Description, secrets: Mapping[str, str]) -> None:
    for name in description.auth.needs(secrets):
        if not secrets.get(name):
            raise Trouble(Fault("secret_lacks", value=name))


def caller_of(
    connector: Connector, description: Description, *, limits: Limits, clock: Clock
) -> Caller:
    """A caller for one fetch; Trouble where the credentials cannot be read or are not complete."""
    try:
        secrets, token = opened(connector.secrets), opened(connector.token)
        params = words_of(connector, description)
    except NoKey:
        raise Trouble(Fault("no_key_of_ours")) from None
    except Unreadable as refusal:
        raise Trouble(refusal.faults[0]) from None
    _refuse_lacking(description, secrets)
    keys = Keys(secrets, token.get("access_token", ""), connector.token_ends)

    def keep(renewed: Keys) -> None:
        """Store a token, unless the credentials were changed meanwhile."""
        fields = {
            "token": sealed({"access_token": renewed.token}),
            "token_ends": renewed.token_ends,
        }
        if renewed.secrets != opened(connector.secrets):
            fields["secrets"] = sealed(renewed.secrets)
        same = Connector.objects.filter(pk=connector.pk, secrets=connector.secrets, removed_at=None)
        if same.update(**fields):
            for name, value in fields.items():
                setattr(connector, name, value)

    return Caller(description, params, keys, limits, clock, keep)
