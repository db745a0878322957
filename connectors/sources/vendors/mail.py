"""Mailchimp campaign reports and HubSpot marketing e-mail statistics."""

from django.utils.translation import gettext_noop

from connectors.sources.kind import Kind, count, rate

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
MAILCHIMP = Kind(
    "mailchimp",
    gettext_noop("Mailchimp"),
    gettext_noop("Sends, opens, clicks, bounces and unsubscribes of each campaign."),
    {
        "version": 1,
        "params": {"data_center": {"shape": "subdomain"}},
        "auth": {"kind": "basic"},
        "request": {
            "url": "https://{data_center}.api.mailchimp.com/3.0/reports",
            "query": {
                "since_send_time": "{before_instant}",
                "before_send_time": "{until_instant}",
                "fields": "total_items,reports.id,reports.campaign_title,reports.list_name,"
                "reports.emails_sent,reports.send_time,reports.unsubscribed,reports.bounces,"
                "reports.opens,reports.clicks",
            },
        },
        "rows": "reports[]",
        "paging": {
            "kind": "offset", "param": "offset", "size_param": "count", "size": 200,
            "total": "total_items",
        },
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
