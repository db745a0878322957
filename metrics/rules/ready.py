"""Rates of the starter catalogue that the columns of a file make possible."""

from collections.abc import Mapping
from dataclasses import dataclass

from metrics.rules.guesses import metric_key
from metrics.rules.presets.catalogue import PRESETS
from metrics.rules.presets.preset import plain
from metrics.rules.starter import Starter
from metrics.rules.starters import STARTERS

_WORDS = {
    "sends": "sends sent send_count total_sent emails_sent total_recipients recipients",
    "delivered": "delivered deliveries successful_deliveries total_delivered emails_delivered",
    "unique_recipients": "unique_recipients",
    "opens": "opens total_opens open",
    "unique_opens": "unique_opens unique_openers",
    "clicks": "clicks total_clicks click",
    "unique_clicks": "unique_clicks unique_clickers unique_subscriber_clicks",
    "bounces": "bounces total_bounces bounce",
    "unsubscribes": "unsubscribes unsubscribed unsubs",
    "impressions": "impressions impr displays",
    "ad_clicks": "clicks link_clicks",
    "ad_cost": "cost costs spend amount_spent total_spent",
    "conversions": "conversions post_click_conversions",
    "conversion_value": "conversion_value conversions_value conv_value total_conversion_value "
    "purchases_conversion_value revenue",
    "web_sessions": "sessions",
    "web_users": "users active_users total_users",
    "engaged_sessions": "engaged_sessions",
    "leads": "leads new_leads",
    "deals": "deals new_deals",
    "deals_won": "deals_won won_deals",
    "revenue": "revenue",
}
LONGEST_KEY, MOST_COPIES = 63, 9
_WEAKER = {"click_rate_sent": "click_rate"}  # offered only where the other cannot be computed
_ROLES: dict[str, list[str]] = {}
for _role, _names in _WORDS.items():
    for _name in _names.split():
        _ROLES.setdefault(_name, []).append(_role)
_IN_ENGLISH = {  # what the tools call a column in the languages in which their exports are known
    plain(label): labels["en"][0]
    for preset in PRESETS.values()
    for labels in (measure.labels for measure in preset.measures)
    for words in labels.values()
    for label in words
}


@dataclass(frozen=True)
class Ready:
    """A ready rate, with the keys of the metrics that it divides here.

    `currency` is that of the metric above where it is there already. Where the workspace divides
    other metrics under the catalogue's key, `key` is another, and `apart` the source that its name
    tells.
    """

    starter: Starter
    above: str
    below: str
    currency: str = ""
    other_key: str = ""
    apart: str = ""

    @property
    def key(self) -> str:
        """The key under which it is defined."""
        return self.other_key or self.starter.key

    @property
    def is_share(self) -> bool:
        """Whether it is a percentage, and not a price."""
        return self.starter.unit == "percent"


def keys_beside(key: str, source: str) -> list[str]:
    """Keys for the rate of another source than the one that has the key, the best first."""
    plain = f"{metric_key(source)[: LONGEST_KEY - len(key) - 3]}_{key}"
    return [plain, *(f"{plain}_{copy}" for copy in range(2, MOST_COPIES + 1))]


def ready_rates(columns: Mapping[str, str]) -> list[Ready]:
    """What can be computed of the metrics of these columns, by key; in catalogue order."""
    keys: dict[str, str] = {}
    for column, key in columns.items():
        name = _IN_ENGLISH.get(plain(column), column)
        for role in _ROLES.get(metric_key(name.partition("(")[0]), ()):
            keys.setdefault(role, key)
    found = {
        starter.key: Ready(starter, keys[starter.above], keys[starter.below])
        for starter in STARTERS.values()
        if starter.kind == "ratio" and starter.above in keys and starter.below in keys
    }
    return [one for key, one in found.items() if _WEAKER.get(key) not in found]
