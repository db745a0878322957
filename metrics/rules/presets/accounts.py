"""Accounts and conversations: mappings by documented columns, no export is recognised."""

from metrics.rules.daymaps import ISO
from metrics.rules.presets.preset import Measure, Preset, english

_DATE = english("Date")
_AMERICAN = {"en": ("%m/%d/%Y", ISO)}
_ACCOUNT = {"account": english("Account Name", "Account")}
DRIFT = Preset(
    name="drift",
    title="Drift: playbook report",
    source="drift",
    detect=False,
    day=_DATE,
    formats={"en": (ISO, "%m/%d/%Y")},
    dims={"playbook": english("Playbook", "Playbook Name")},
    measures=(
        Measure("drift_impressions", "Drift impressions", english("Impressions")),
        Measure("drift_sends", "Drift sends", english("Sends")),
        Measure("drift_conversations", "Drift conversations", english("Conversations")),
        Measure("drift_emails", "Drift e-mails captured", english("Emails captured")),
        Measure("drift_meetings", "Drift meetings", english("Meetings", "Meetings booked")),
    ),
    left_out="Days are in UTC. Before 18 August 2020 a 0 of impressions means that none is known.",
)
DEMANDBASE = Preset(
    name="demandbase",
    title="Demandbase: opportunities",
    source="demandbase",
    detect=False,
    day=english("Close Date"),
    formats=_AMERICAN,
    key=(english("External Opportunity ID"),),
    dims=_ACCOUNT,
    measures=(Measure("demandbase_opportunities", "Demandbase opportunities"),),
    left_out="Names of people and addresses are not read.",
)
TERMINUS = Preset(
    name="terminus",
    title="Terminus: advertising by account",
    source="terminus",
    detect=False,
    day=_DATE,
    formats=_AMERICAN,
    dims=_ACCOUNT | {"campaign": english("Campaign Name", "Campaign")},
    measures=(
        Measure("terminus_impressions", "Terminus impressions", english("Impressions")),
        Measure("terminus_clicks", "Terminus clicks", english("Clicks")),
        Measure("terminus_spend", "Terminus spend", english("Spend"), "currency", 2, "down"),
    ),
    left_out="Click rates are computed from the counts.",
)
SIXSENSE = Preset(
    name="6sense",
    title="6sense: advertising by account",
    source="6sense",
    detect=False,
    day=_DATE,
    formats=_AMERICAN,
    dims=_ACCOUNT | {"campaign": english("Campaign Name", "Campaign")},
    measures=(
        Measure("sixsense_impressions", "6sense impressions", english("Impressions")),
        Measure("sixsense_clicks", "6sense clicks", english("Clicks")),
        Measure(
            "sixsense_spend", "6sense spend", english("Spend", "Media Spend"), "currency", 2, "down"
        ),
    ),
    left_out="Click rates are computed from the counts.",
)
