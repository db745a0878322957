"""Meta Ads insights (Marketing API)."""

from django.utils.translation import gettext_noop

from connectors.sources.kind import Kind
from connectors.sources.vendors.google import AD_METRICS

# Meta says "too many calls" by codes inside a 400.
BUSY = ["1", "2", "4", "17", "32", "341", "613", "80000", "80003", "80004"]
META_ADS = Kind(
    "meta_ads",
    gettext_noop("Meta Ads"),
    gettext_noop("Impressions, clicks, spend and conversions by campaign and day."),
    {
        "version": 1,
        "params": {
            "account_id": {"shape": "digits"},
            "currency": {"shape": "currency", "default": "EUR"},
            "conversion": {"shape": "word", "default": "lead"},
            "api_version": {"shape": "word", "default": "v25.0"},
        },
        "auth": {"kind": "bearer"},
        "request": {
            "url": "https://graph.facebook.com/{api_version}/act_{account_id}/insights",
            "query": {
                "level": "campaign",
                "time_increment": "1",
                "time_range": '{"since":"{from}","until":"{to}"}',
                "fields": "campaign_id,campaign_name,account_currency,date_start,impressions,"
                "clicks,spend,actions,action_values",
            },
        },
        "rows": "data[]",
        # "next" would hold the token in its address; the cursor asks for the same page without it.
        "paging": {
            "kind": "cursor", "path": "paging.cursors.after", "param": "after",
            "size_param": "limit", "size": 500,
        },
        "busy": {"path": "error.code", "is": BUSY},
        "window": {"days_back": 90, "overlap": 28, "chunk": 14},
        "day": {"path": "date_start", "as": "date"},
        "key": ["campaign_id", "date_start"],
        "dims": {"channel": {"constant": "Meta Ads"}, "campaign": {"path": "campaign_name"}},
        "expect": {"account_currency": "{currency}"},
        "metrics": [
            {"metric": "ad_impressions", "path": "impressions"},
            {"metric": "ad_clicks", "path": "clicks"},
            {"metric": "ad_cost", "path": "spend"},
            {"metric": "ad_conversions", "path": "actions[action_type={conversion}].value",
             "absent": "zero"},
            {"metric": "ad_conversion_value",
             "path": "action_values[action_type={conversion}].value", "absent": "zero"},
        ],
        "replace": True,
        "create": AD_METRICS,
    },
    "megaphone",
)  # fmt: skip
