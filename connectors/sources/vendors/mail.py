"""Mailchimp campaign reports and HubSpot marketing e-mail statistics."""

from typing import Any

from django.utils.translation import gettext_noop

from connectors.sources.kind import Kind, count, level, people, rate

ONCE = "Each recipient counts once per mailing; over several mailings it is a sum of such counts."
MAIL_METRICS = [
    count("email_sent", "E-mails sent"),
    count("email_delivered", "E-mails delivered"),
    count("email_opens", "E-mail opens"),
    count("email_unique_opens", "Unique opens", ONCE),
    count("email_clicks", "E-mail clicks"),
    count(
        "email_unique_clicks", "Recipients who clicked",
        ONCE + " In Mailchimp this is unique_subscriber_clicks, not unique_clicks, which counts "
        "each link by itself.",
    ),
    count("email_bounces", "Bounced e-mails", direction="down"),
    count("email_unsubscribes", "Unsubscribed", direction="down"),
    rate(
        "email_ctr", "Click-through rate of e-mails", "email_unique_clicks", "email_sent",
        "Recipients who clicked over e-mails sent.",
    ),
    rate("email_open_rate", "Open rate", "email_unique_opens", "email_sent"),
    rate("email_click_to_open", "Click-to-open rate", "email_unique_clicks", "email_unique_opens"),
]  # fmt: skip
BY_KEY = {str(entry["key"]): entry for entry in MAIL_METRICS}
MAILCHIMP_API = "https://{data_center}.api.mailchimp.com/3.0"
IN_MAILCHIMP = {
    "version": 1,
    "params": {"data_center": {"shape": "subdomain"}},
    "auth": {"kind": "basic"},
}


def _pages(size: int) -> dict[str, Any]:
    """How Mailchimp hands out what is more than a page."""
    return {
        "kind": "offset", "param": "offset", "size_param": "count", "size": size,
        "total": "total_items",
    }  # fmt: skip


MAILCHIMP = Kind(
    "mailchimp",
    gettext_noop("Mailchimp"),
    gettext_noop("Sends, opens, clicks, bounces and unsubscribes of each campaign."),
    {
        **IN_MAILCHIMP,
        "request": {
            "url": f"{MAILCHIMP_API}/reports",
            "query": {
                "since_send_time": "{before_instant}",
                "before_send_time": "{until_instant}",
                "fields": "total_items,reports.id,reports.campaign_title,reports.list_name,"
                "reports.emails_sent,reports.send_time,reports.unsubscribed,reports.bounces,"
                "reports.opens,reports.clicks",
            },
        },
        "rows": "reports[]",
        "paging": _pages(200),
        # A campaign goes on being opened for weeks; its report is read again until then.
        "window": {"days_back": 365, "overlap": 35, "chunk": 60},
        "day": {"path": "send_time", "as": "instant"},
        "key": ["id"],
        "dims": {
            "channel": {"constant": "E-mail"},
            "campaign": {"path": "campaign_title"},
            "audience": {"path": "list_name"},
        },
        "metrics": [
            {"metric": "email_sent", "path": "emails_sent"},
            {"metric": "email_opens", "path": "opens.opens_total"},
            {"metric": "email_unique_opens", "path": "opens.unique_opens"},
            {"metric": "email_clicks", "path": "clicks.clicks_total"},
            {"metric": "email_unique_clicks", "path": "clicks.unique_subscriber_clicks"},
            {"metric": "email_hard_bounces", "path": "bounces.hard_bounces"},
            {"metric": "email_soft_bounces", "path": "bounces.soft_bounces"},
            {"metric": "email_unsubscribes", "path": "unsubscribed"},
        ],
        "replace": True,
        "outside": "skip",
        "create": [
            *(entry for key, entry in BY_KEY.items()
              if key not in ("email_delivered", "email_bounces")),
            count("email_hard_bounces", "Hard bounces", direction="down"),
            count("email_soft_bounces", "Soft bounces", direction="down"),
        ],
    },
    "mail",
)  # fmt: skip
MAILCHIMP_PEOPLE = Kind(
    "mailchimp_people",
    gettext_noop("Mailchimp, who opened and clicked"),
    gettext_noop("Openers and clickers as people: each counts once over any days and campaigns."),
    {
        **IN_MAILCHIMP,
        "each": {
            "request": {
                "url": f"{MAILCHIMP_API}/reports",
                "query": {
                    "since_send_time": "{before_instant}",
                    "before_send_time": "{until_instant}",
                    "fields": "total_items,reports.id,reports.campaign_title,reports.list_name",
                },
            },
            "rows": "reports[]",
            "paging": _pages(200),
            "fills": {"campaign_id": "id"},
        },
        "request": {
            "url": f"{MAILCHIMP_API}/reports/{{campaign_id}}/email-activity",
            "query": {
                "fields": "total_items,emails.email_id,emails.activity.action,"
                "emails.activity.timestamp",
            },
        },
        "rows": "emails[].activity[]",
        "paging": _pages(1000),
        "window": {"days_back": 90, "overlap": 35, "chunk": 10},
        "day": {"path": "timestamp", "as": "instant"},
        "dims": {
            "channel": {"constant": "E-mail"},
            "campaign": {"path": "^.^.campaign_title"},
            "audience": {"path": "^.^.list_name"},
        },
        "metrics": [
            {"metric": "email_openers", "id": {"path": "^.email_id"},
             "when": {"path": "action", "is": ["open"]}},
            {"metric": "email_clickers", "id": {"path": "^.email_id"},
             "when": {"path": "action", "is": ["click"]}},
        ],
        "create": [
            people("email_openers", "E-mail openers", "consideration"),
            people("email_clickers", "E-mail clickers", "consideration"),
            rate("email_clickers_of_openers", "Openers who clicked", "email_clickers",
                 "email_openers", "People who clicked over people who opened."),
        ],
    },
    "users",
)  # fmt: skip
MAILCHIMP_AUDIENCES = Kind(
    "mailchimp_audiences",
    gettext_noop("Mailchimp audiences"),
    gettext_noop("How many contacts each audience has on the day of fetching."),
    {
        **IN_MAILCHIMP,
        "request": {
            "url": f"{MAILCHIMP_API}/lists",
            "query": {
                "fields": "total_items,lists.id,lists.name,lists.stats.member_count,"
                "lists.stats.unsubscribe_count,lists.stats.cleaned_count",
            },
        },
        "rows": "lists[]",
        "paging": _pages(200),
        "day": {"as": "today"},
        "same": "add",
        "dims": {"channel": {"constant": "E-mail"}, "audience": {"path": "name"}},
        "metrics": [
            {"metric": "audience_members", "path": "stats.member_count"},
            {"metric": "audience_unsubscribed", "path": "stats.unsubscribe_count"},
            {"metric": "audience_cleaned", "path": "stats.cleaned_count"},
        ],
        "replace": True,
        "create": [
            level("audience_members", "Members of the audience", stage="retention"),
            level("audience_unsubscribed", "Unsubscribed from the audience", direction="down"),
            level("audience_cleaned", "Cleaned addresses", direction="down"),
        ],
    },
    "users",
)  # fmt: skip
HUBSPOT_EMAIL = Kind(
    "hubspot_email",
    gettext_noop("HubSpot marketing e-mail"),
    gettext_noop("Sends, deliveries, opens, clicks and bounces by day, over all e-mails."),
    {
        "version": 1,
        "params": {"api_version": {"shape": "word", "default": "2026-03"}},
        "auth": {"kind": "bearer"},
        "request": {
            "url": "https://api.hubapi.com/marketing/emails/{api_version}/statistics/histogram",
            "query": {
                "startTimestamp": "{from_instant}",
                "endTimestamp": "{until_instant}",
                "interval": "DAY",
            },
        },
        "rows": "results[]",
        "paging": {"kind": "cursor", "path": "paging.next.after", "param": "after"},
        "window": {"days_back": 180, "overlap": 35, "chunk": 30},
        "day": {"path": "interval.start", "as": "instant"},
        "key": ["interval.start"],
        "dims": {"channel": {"constant": "E-mail"}},
        # The counters are a free map: one that nothing was counted for is not in it.
        "metrics": [
            {"metric": "email_sent", "path": "aggregations.counters.sent"},
            {"metric": "email_delivered", "path": "aggregations.counters.delivered"},
            {"metric": "email_unique_opens", "path": "aggregations.counters.open"},
            {"metric": "email_unique_clicks", "path": "aggregations.counters.click"},
            {"metric": "email_bounces", "path": "aggregations.counters.bounce"},
            {"metric": "email_unsubscribes", "path": "aggregations.counters.unsubscribed"},
        ],
        "replace": True,
        "outside": "skip",
        "create": [
            entry for key, entry in BY_KEY.items() if key not in ("email_opens", "email_clicks")
        ],
    },
    "mail",
)
