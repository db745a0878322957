"""Web analytics: Google Analytics 4, reports and explorations."""

from metrics.rules.presets.preset import Measure, Preset, english

_DAY = english("Date", "Date + hour (YYYYMMDDHH)")
_MEASURES = (
    Measure("ga4_sessions", "GA4 sessions", english("Sessions")),
    Measure("ga4_engaged_sessions", "GA4 engaged sessions", english("Engaged sessions")),
    Measure("ga4_views", "GA4 views", english("Views")),
    Measure("ga4_events", "GA4 events", english("Event count")),
    Measure("ga4_new_users", "GA4 new users", english("New users")),
    Measure(
        "ga4_users", "GA4 users", english("Active users", "Users", "Total users"), kind="unique"
    ),
    Measure("ga4_key_events", "GA4 key events", english("Key events", "Conversions"), "number", 2),
    Measure("ga4_revenue", "GA4 revenue", english("Total revenue"), "currency", 2),
)
_LEFT_OUT = (
    "Users are kept as counted for each row: they do not add up over rows and days. Rates are "
    "computed from the counts."
)
GA4_REPORT = Preset(
    name="ga4_report",
    title="Google Analytics 4: report",
    source="ga4",
    open=True,
    dated=False,
    without=("Date", "Date + hour (YYYYMMDDHH)", "Nth day", "Nth week", "Nth month"),
    measures=_MEASURES,
    left_out=_LEFT_OUT,
)
GA4_EXPLORATION = Preset(
    name="ga4_exploration",
    title="Google Analytics 4: exploration",
    source="ga4",
    open=True,
    needs=(_DAY,),
    day=_DAY,
    formats={"en": ("%Y%m%d", "%Y%m%d%H")},
    skip_empty=(_DAY,),
    measures=_MEASURES,
    left_out=_LEFT_OUT,
)
