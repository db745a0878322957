"""Every kind of connector that MOps brings, and the generic one that a document describes."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext_noop

from connectors.rules.description import Description, parse_description
from connectors.sources.kind import Kind
from connectors.sources.vendors import google, mail, meta, sales

CUSTOM = Kind(
    "custom",
    gettext_noop("Any JSON or CSV over HTTPS"),
    gettext_noop("A description that you write says where the rows are and what they mean."),
    {},
    "braces",
)
EXAMPLE = {  # what the form of the generic kind begins with
    "version": 1,
    "auth": {"kind": "bearer"},
    "request": {
        "url": "https://api.example.com/daily",
        "query": {"since": "{from}", "until": "{to}"},
    },
    "rows": "data[]",
    "paging": {"kind": "none"},
    "window": {"days_back": 90, "overlap": 14, "chunk": 30},
    "day": {"path": "date", "as": "date"},
    "key": ["id"],
    "dims": {"campaign": {"path": "campaign.name"}},
    "metrics": [{"metric": "orders", "path": "orders"}],
    "replace": True,
    "create": [{"key": "orders", "name": "Orders"}],
}
KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        google.GOOGLE_ADS,
        google.GOOGLE_ADS_PAGED,
        google.GA4,
        mail.MAILCHIMP,
        mail.MAILCHIMP_PEOPLE,
        mail.MAILCHIMP_AUDIENCES,
        mail.HUBSPOT_EMAIL,
        sales.HUBSPOT_DEALS,
        sales.HUBSPOT_PIPELINE,
        sales.HUBSPOT_CONTACTS,
        sales.SALESFORCE,
        sales.SALESFORCE_PIPELINE,
        meta.META_ADS,
        CUSTOM,
    )
}
LABELS: Mapping[str, str] = {
    "customer_id": gettext_noop("Customer id, digits only"),
    "manager_id": gettext_noop("Id of the manager account, if you sign in through one"),
    "currency": gettext_noop("Currency of the account"),
    "api_version": gettext_noop("Version of the API"),
    "property_id": gettext_noop("Property id"),
    "data_center": gettext_noop("Data centre, such as us6: the end of the API key"),
    "domain": gettext_noop("My Domain: what stands before .my.salesforce.com"),
    "account_id": gettext_noop("Id of the ad account, without act_"),
    "conversion": gettext_noop("Type of action that counts as a conversion"),
    "token": gettext_noop("Access token"),
    "key": gettext_noop("API key"),
    "user": gettext_noop("User name"),
    "password": gettext_noop("Password or API key"),
    "client_id": gettext_noop("Client id"),
    "client_secret": gettext_noop("Client secret"),
    "refresh_token": gettext_noop("OAuth refresh token"),
    "service_account": gettext_noop("Key of a service account: the JSON file"),
    "developer_token": gettext_noop("Developer token"),
}


@cache
def described(kind: str) -> Description:
    """The description of a kind that MOps brings."""
    return parse_description(KINDS[kind].document)
