"""Google Ads (searchStream and search) and Google Analytics 4 (runReport)."""

from typing import Any

from django.utils.translation import gettext_noop

from connectors.sources.kind import Kind, count, money, rate

TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
# Campaigns that were removed still have cost in the past: every state is asked for. Rows without
# an impression exist where a late conversion was credited, so nothing is filtered by impressions.
QUERY = (
    "SELECT campaign.id, campaign.name, campaign.advertising_channel_type, "
    "customer.currency_code, segments.date, metrics.impressions, metrics.clicks, "
    "metrics.cost_micros, metrics.conversions, metrics.conversions_value "
    "FROM campaign WHERE segments.date BETWEEN '{from}' AND '{to}'"
)
AD_METRICS = [
    count("ad_impressions", "Ad impressions"),
    count("ad_clicks", "Ad clicks"),
    money("ad_cost", "Ad cost", direction="down"),
    count(
        "ad_conversions", "Ad conversions",
        "As the ad platform attributes them; they are restated for weeks.",
        unit="number", decimals=2,
    ),
    money("ad_conversion_value", "Value of ad conversions"),
    rate("ad_ctr", "Ad click-through rate", "ad_clicks", "ad_impressions"),
]  # fmt: skip


def _google_ads(method: str, rows: str, paging: dict[str, Any], proof: str) -> dict[str, Any]:
    """The description for one of the two methods; an absent number is a zero in Google's JSON."""
    return {
        "version": 1,
        "params": {
            "customer_id": {"shape": "digits"},
            "currency": {"shape": "currency", "default": "EUR"},
            "manager_id": {"shape": "digits", "needed": False},
            "api_version": {"shape": "word", "default": "v25"},
        },
        "auth": {
            "kind": "refresh_token",
            "instead": "service_account",
            "token_url": TOKEN_URL,
            "scope": "https://www.googleapis.com/auth/adwords",
            "headers": {"developer-token": "developer_token"},
        },
        "request": {
            "method": "POST",
            "url": "https://googleads.googleapis.com/{api_version}/customers/{customer_id}"
            f"/googleAds:{method}",
            "headers": {"login-customer-id": "{manager_id}"},
            "body": {"query": QUERY},
        },
        "rows": rows,
        "proof": proof,
        "paging": paging,
        "window": {"days_back": 90, "overlap": 30, "chunk": 30},
        "day": {"path": "segments.date", "as": "date"},
        "key": ["campaign.id", "segments.date"],
        "dims": {
            "channel": {"constant": "Google Ads"},
            "campaign": {"path": "campaign.name"},
            "campaign_type": {"path": "campaign.advertisingChannelType"},
        },
        "expect": {"customer.currencyCode": "{currency}"},
        "metrics": [
            {"metric": "ad_impressions", "path": "metrics.impressions", "absent": "zero"},
            {"metric": "ad_clicks", "path": "metrics.clicks", "absent": "zero"},
            {"metric": "ad_cost", "path": "metrics.costMicros", "as": "micros", "absent": "zero"},
            {"metric": "ad_conversions", "path": "metrics.conversions", "absent": "zero"},
            {"metric": "ad_conversion_value", "path": "metrics.conversionsValue", "absent": "zero"},
        ],
        "replace": True,
        "create": AD_METRICS,
    }


GOOGLE_ADS = Kind(
    "google_ads",
    gettext_noop("Google Ads"),
    gettext_noop("Impressions, clicks, cost and conversions by campaign and day."),
    _google_ads("searchStream", "[].results[]", {"kind": "none"}, "[].fieldMask"),
    "badge-dollar-sign",
)
GOOGLE_ADS_PAGED = Kind(
    "google_ads_paged",
    gettext_noop("Google Ads, page by page"),
    gettext_noop("The same numbers in pages, for accounts whose answers are very large."),
    _google_ads(
        "search",
        "results[]",
        {"kind": "cursor", "path": "nextPageToken", "param": "pageToken", "place": "body"},
        "fieldMask",
    ),
    "badge-dollar-sign",
)
GA4 = Kind(
    "ga4",
    gettext_noop("Google Analytics 4"),
    gettext_noop("Sessions, engaged sessions, key events and revenue by channel group and day."),
    {
        "version": 1,
        "params": {
            "property_id": {"shape": "digits"},
            "currency": {"shape": "currency", "default": "EUR"},
        },
        "auth": {
            "kind": "refresh_token", "instead": "service_account", "token_url": TOKEN_URL,
            "scope": "https://www.googleapis.com/auth/analytics.readonly",
        },
        "request": {
            "method": "POST",
            "url": "https://analyticsdata.googleapis.com/v1beta/properties/{property_id}:runReport",
            "body": {
                "dateRanges": [{"startDate": "{from}", "endDate": "{to}"}],
                "dimensions": [{"name": "date"}, {"name": "sessionDefaultChannelGroup"}],
                "metrics": [
                    {"name": "sessions"},
                    {"name": "engagedSessions"},
                    {"name": "keyEvents"},
                    {"name": "totalRevenue"},
                ],
                "currencyCode": "{currency}",
                "orderBys": [{"dimension": {"dimensionName": "date"}}],
                "keepEmptyRows": False,
            },
        },
        "rows": "rows[]",
        "proof": "metricHeaders[]",
        "paging": {
            "kind": "offset", "param": "offset", "place": "body", "size_param": "limit",
            "size": 10000, "total": "rowCount",
        },
        "window": {"days_back": 90, "overlap": 4, "chunk": 30},
        "day": {"path": "dimensionValues[0].value", "as": "compact_date"},
        "key": ["dimensionValues[0].value", "dimensionValues[1].value"],
        "dims": {"channel": {"path": "dimensionValues[1].value"}},
        "metrics": [
            {"metric": "web_sessions", "path": "metricValues[0].value"},
            {"metric": "web_engaged_sessions", "path": "metricValues[1].value"},
            {"metric": "web_key_events", "path": "metricValues[2].value"},
            {"metric": "web_revenue", "path": "metricValues[3].value"},
        ],
        "replace": True,
        "create": [
            count("web_sessions", "Sessions"),
            count("web_engaged_sessions", "Engaged sessions"),
            count("web_key_events", "Key events", unit="number", decimals=2),
            money("web_revenue", "Revenue of the website"),
            rate(
                "web_engagement_rate", "Engagement rate", "web_engaged_sessions", "web_sessions",
            ),
        ],
    },
    "globe",
)  # fmt: skip
