"""HubSpot deals and contacts, and Salesforce opportunities."""

from typing import Any

from django.utils.translation import gettext_noop

from connectors.sources.kind import Kind, count, money, people

# The search says at most 10,000 results in all, so a question covers few days.
MODIFIED = {"deals": "hs_lastmodifieddate", "contacts": "lastmodifieddate"}


def _hubspot(objects: str, properties: list[str], **rest: Any) -> dict[str, Any]:
    """The description of a search for what was changed in the days of the window.

    A deal keeps its id, so that a changed one corrects what was read before.
    """
    filters = [
        {"propertyName": MODIFIED[objects], "operator": "GTE", "value": "{from_ms}"},
        {"propertyName": MODIFIED[objects], "operator": "LT", "value": "{until_ms}"},
    ]
    window = {"days_back": 365, "overlap": 2, "chunk": 7}
    return _search(objects, filters, properties, window=window, key=["id"], **rest)


def _search(
    objects: str, filters: list[dict[str, str]], properties: list[str], **rest: Any
) -> dict[str, Any]:
    return {
        "version": 1,
        "auth": {"kind": "bearer"},
        "request": {
            "method": "POST",
            "url": f"https://api.hubapi.com/crm/v3/objects/{objects}/search",
            "body": {
                "filterGroups": [{"filters": filters}],
                "sorts": [{"propertyName": MODIFIED[objects], "direction": "ASCENDING"}],
                "properties": properties,
                "limit": 200,
            },
        },
        "rows": "results[]",
        "paging": {
            "kind": "cursor", "path": "paging.next.after", "param": "after", "place": "body",
        },
        **rest,
    }  # fmt: skip


HUBSPOT_DEALS = Kind(
    "hubspot_deals",
    gettext_noop("HubSpot deals"),
    gettext_noop("Deals created, and deals won with their amount, by pipeline and source."),
    _hubspot(
        "deals",
        [
            "dealname", "amount", "createdate", "closedate", "dealstage", "pipeline",
            "hs_is_closed_won", "hs_analytics_source", "deal_currency_code",
        ],
        params={"currency": {"shape": "currency", "default": "EUR"}},
        day={"path": "properties.createdate", "as": "instant"},
        dims={
            "pipeline": {"path": "properties.pipeline"},
            "source": {"path": "properties.hs_analytics_source"},
        },
        expect={"properties.deal_currency_code": "{currency}"},
        metrics=[
            {"metric": "deals_created", "constant": "1"},
            {"metric": "deals_amount", "path": "properties.amount"},
            {
                "metric": "deals_won", "constant": "1",
                "when": {"path": "properties.hs_is_closed_won", "is": ["true"]},
                "day": {"path": "properties.closedate", "as": "instant"},
            },
            {
                "metric": "deals_won_amount", "path": "properties.amount",
                "when": {"path": "properties.hs_is_closed_won", "is": ["true"]},
                "day": {"path": "properties.closedate", "as": "instant"},
            },
        ],
        create=[
            count("deals_created", "Deals created"),
            money("deals_amount", "Amount of deals", "On the day on which the deal was created."),
            count("deals_won", "Deals won", "On the day on which the deal was closed."),
            money("deals_won_amount", "Amount won", "On the day on which the deal was closed."),
        ],
    ),
    "handshake",
)  # fmt: skip
HUBSPOT_PIPELINE = Kind(
    "hubspot_pipeline",
    gettext_noop("HubSpot pipeline"),
    gettext_noop("How many deals are open, and their amount, on the day of fetching."),
    _search(
        "deals",
        [{"propertyName": "hs_is_closed", "operator": "EQ", "value": "false"}],
        ["amount", "dealstage", "pipeline", "deal_currency_code"],
        params={"currency": {"shape": "currency", "default": "EUR"}},
        day={"as": "today"},
        dims={
            "pipeline": {"path": "properties.pipeline"},
            "deal_stage": {"path": "properties.dealstage"},
        },
        expect={"properties.deal_currency_code": "{currency}"},
        metrics=[
            {"metric": "deals_open", "constant": "1"},
            {"metric": "deals_open_amount", "path": "properties.amount"},
        ],
        same="add",
        replace=True,
        create=[
            count("deals_open", "Open deals", kind="last", stage="decision"),
            money("deals_open_amount", "Amount of open deals", kind="last", stage="decision"),
        ],
    ),
    "handshake",
)  # fmt: skip
STAGES = {  # of a contact's life: the middle of HubSpot's property, our key, its name, its stage
    "lead": ("contacts_lead", "Leads", "consideration"),
    "marketingqualifiedlead": ("contacts_mql", "Marketing qualified leads", "consideration"),
    "salesqualifiedlead": ("contacts_sql", "Sales qualified leads", "decision"),
    "opportunity": ("contacts_opportunity", "Contacts with an opportunity", "decision"),
    "customer": ("contacts_customer", "New customers", "retention"),
}
BECAME = "Contacts on the day on which they became that, each once."
HUBSPOT_CONTACTS = Kind(
    "hubspot_contacts",
    gettext_noop("HubSpot contacts"),
    gettext_noop("New contacts, and those who became leads, qualified or customers, as people."),
    _hubspot(
        "contacts",
        [
            "createdate", "lifecyclestage", "hs_analytics_source",
            *(f"hs_lifecyclestage_{stage}_date" for stage in STAGES),
        ],
        day={"path": "properties.createdate", "as": "instant"},
        dims={
            "source": {"path": "properties.hs_analytics_source"},
            "lifecycle": {"path": "properties.lifecyclestage"},
        },
        metrics=[
            {"metric": "contacts_created", "constant": "1"},
            *(
                {
                    "metric": key, "id": {"path": "id"},
                    "day": {"path": f"properties.hs_lifecyclestage_{stage}_date", "as": "instant"},
                }
                for stage, (key, _name, _journey) in STAGES.items()
            ),
        ],
        create=[
            count("contacts_created", "Contacts created"),
            *(people(key, name, journey, BECAME) for key, name, journey in STAGES.values()),
        ],
    ),
    "users",
)  # fmt: skip
IN_SALESFORCE = {
    "version": 1,
    "params": {
        "domain": {"shape": "subdomain"},
        "currency": {"shape": "currency", "default": "EUR"},
        "api_version": {"shape": "word", "default": "v62.0"},
    },
    "auth": {
        "kind": "client_credentials",
        "token_url": "https://{domain}.my.salesforce.com/services/oauth2/token",
    },
    "rows": "records[]",
    "paging": {"kind": "next", "path": "nextRecordsUrl", "done": "done"},
    "busy": {"path": "[0].errorCode", "is": ["REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE"]},
}
SALESFORCE_URL = "https://{domain}.my.salesforce.com/services/data/{api_version}/query"
SALESFORCE = Kind(
    "salesforce",
    gettext_noop("Salesforce opportunities"),
    gettext_noop("Opportunities created, and those won with their amount, by source and type."),
    {
        **IN_SALESFORCE,
        "request": {
            "url": SALESFORCE_URL,
            "query": {
                "q": "SELECT Id, Amount, CreatedDate, CloseDate, IsWon, LeadSource, Type "
                "FROM Opportunity "
                "WHERE SystemModstamp >= {from_instant} AND SystemModstamp < {until_instant} "
                "ORDER BY SystemModstamp, Id",
            },
        },
        "window": {"days_back": 365, "overlap": 2, "chunk": 30},
        "day": {"path": "CreatedDate", "as": "instant"},
        "key": ["Id"],
        "dims": {"source": {"path": "LeadSource"}, "type": {"path": "Type"}},
        "metrics": [
            {"metric": "opportunities_created", "constant": "1"},
            {"metric": "opportunities_amount", "path": "Amount"},
            {
                "metric": "opportunities_won", "constant": "1",
                "when": {"path": "IsWon", "is": ["true"]},
                "day": {"path": "CloseDate", "as": "date"},
            },
            {
                "metric": "opportunities_won_amount", "path": "Amount",
                "when": {"path": "IsWon", "is": ["true"]},
                "day": {"path": "CloseDate", "as": "date"},
            },
        ],
        "create": [
            count("opportunities_created", "Opportunities created"),
            money("opportunities_amount", "Amount of opportunities", "On the day of creation."),
            count("opportunities_won", "Opportunities won", "On the close date."),
            money("opportunities_won_amount", "Amount won", "On the close date."),
        ],
    },
    "cloud",
)  # fmt: skip
SALESFORCE_PIPELINE = Kind(
    "salesforce_pipeline",
    gettext_noop("Salesforce pipeline"),
    gettext_noop("How many opportunities are open, and their amount, on the day of fetching."),
    {
        **IN_SALESFORCE,
        "request": {
            "url": SALESFORCE_URL,
            "query": {
                "q": "SELECT Id, Amount, StageName, LeadSource FROM Opportunity "
                "WHERE IsClosed = false ORDER BY Id",
            },
        },
        "day": {"as": "today"},
        "dims": {"deal_stage": {"path": "StageName"}, "source": {"path": "LeadSource"}},
        "metrics": [
            {"metric": "opportunities_open", "constant": "1"},
            {"metric": "opportunities_open_amount", "path": "Amount"},
        ],
        "same": "add",
        "replace": True,
        "create": [
            count("opportunities_open", "Open opportunities", kind="last", stage="decision"),
            money(
                "opportunities_open_amount", "Amount of open opportunities", kind="last",
                stage="decision",
            ),
        ],
    },
    "cloud",
)  # fmt: skip
