"""Starter metrics of advertising and of the web site."""

from metrics.rules.starter import (
    AWARENESS,
    CONSIDERATION,
    DECISION,
    Starter,
    price,
    rate,
)
from metrics.rules.starter import gettext_noop as _

ADS = (
    Starter(
        "impressions", _("Ad views"),
        _("How often an ad was shown (impressions)."),
        _(
            "Google counts an ad that is served on a page, Meta one that enters the screen for "
            "the first time; viewable impressions are another, smaller number."
        ),
        stage=AWARENESS,
    ),
    Starter(
        "ad_clicks", _("Clicks on ads"),
        _("Clicks that led from an ad to a destination."),
        _(
            "Meta has “Clicks (all)”, likes and opened photos included, and “Link clicks”: take "
            "the second. LinkedIn counts what the campaign's objective charges for."
        ),
        stage=CONSIDERATION,
    ),
    Starter(
        "ad_cost", _("Advertising cost"),
        _("What the platforms charged, net of tax."),
        _(
            "Google Ads calls it cost, Meta amount spent; the last days are corrected when "
            "invalid clicks are taken out."
        ),
        unit="currency", decimals=2, direction="down",
    ),
    Starter(
        "conversions", _("Ad conversions"),
        _("Wanted actions that a platform credits to its ads."),
        _(
            "Google Ads counts fractions and books them on the day of the click; Meta by its own "
            "attribution window. Two platforms may claim the same sale."
        ),
        decimals=2, stage=DECISION,
    ),
    Starter(
        "conversion_value", _("Conversion value"),
        _("The worth of the conversions, as the platform was told."),
        _(
            "It is whatever the tag sends, often without returns and sometimes with tax: compare "
            "with the shop before trusting it."
        ),
        unit="currency", decimals=2, stage=DECISION,
    ),
    rate(
        "ad_ctr", _("Ad click-through rate"), ("ad_clicks", "impressions"),
        _("Clicks over views of the ad."),
        _(
            "Meta's “CTR (all)” counts every click on the ad, its link click-through rate only "
            "those that lead away."
        ),
        stage=CONSIDERATION,
    ),
    price(
        "cpc", _("Cost per click"), ("ad_cost", "ad_clicks"),
        _("Advertising cost over clicks."),
        _(
            "Google Ads calls it average CPC; on Meta “CPC (all)” divides by every click and is "
            "lower than the cost per link click."
        ),
        stage=CONSIDERATION,
    ),
    price(
        "cpm", _("Cost per thousand views"), ("ad_cost", "impressions"),
        _("Advertising cost over views, times 1,000."),
        _(
            "Google's CPM bidding charges for viewable impressions only; the ratio here is over "
            "all of them."
        ),
        scale="1000", stage=AWARENESS,
    ),
    price(
        "cost_per_conversion", _("Cost per conversion"), ("ad_cost", "conversions"),
        _("Advertising cost over conversions."),
        _(
            "Meta calls it cost per result, where the result is what the campaign was set to "
            "reach; so two campaigns may not be comparable."
        ),
        stage=DECISION,
    ),
    Starter(
        "roas", _("Return on ad spend"),
        _("Conversion value over advertising cost: 4 means four earned for one spent."),
        _(
            "Google Ads shows conversion value / cost, as a number or as a percentage target; "
            "Meta shows purchase ROAS as a number."
        ),
        kind="ratio", unit="number", decimals=2, stage=DECISION, above="conversion_value",
        below="ad_cost",
    ),
)  # fmt: skip
WEB = (
    Starter(
        "web_sessions", _("Web sessions"),
        _("Visits to the site."),
        _(
            "In GA4 a session ends after 30 minutes of silence and does not start anew at "
            "midnight; other tools begin a new one when the campaign changes."
        ),
        stage=AWARENESS,
    ),
    Starter(
        "web_users", _("Web visitors"),
        _("Different people, or rather browsers, that came to the site."),
        _(
            "GA4 says users and means active users; it estimates large counts with sketches, so "
            "that exports differ by about one percent."
        ),
        kind="unique", stage=AWARENESS,
    ),
    Starter(
        "engaged_sessions", _("Engaged sessions"),
        _("Sessions in which something happened."),
        _(
            "GA4: longer than 10 seconds (can be set up to 60), or a key event, or two or more "
            "views; other tools have no such number."
        ),
        stage=CONSIDERATION,
    ),
    Starter(
        "key_events", _("Web key events"),
        _("Events that were marked as important: forms sent, purchases."),
        _(
            "GA4 called them conversions until 2024; what Google Ads imports as conversions is "
            "counted by its own rules."
        ),
        decimals=2, stage=DECISION,
    ),
    rate(
        "engagement_rate", _("Engagement rate"), ("engaged_sessions", "web_sessions"),
        _("Engaged sessions over sessions."),
        _(
            "In GA4 the bounce rate is 100 % less this; social networks mean reactions over "
            "impressions or over followers by the same words."
        ),
        stage=CONSIDERATION,
    ),
    Starter(
        "sessions_per_user", _("Sessions per visitor"),
        _("How often a visitor came in the days asked for."),
        _(
            "Depends on the length of the range: a month gives more than the mean of its weeks, "
            "because visitors of several weeks count once."
        ),
        kind="ratio", unit="number", decimals=2, above="web_sessions", below="web_users",
        stage=CONSIDERATION,
    ),
)  # fmt: skip
