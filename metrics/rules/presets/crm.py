"""Customers and deals: HubSpot and Salesforce."""

from metrics.rules.daymaps import ISO
from metrics.rules.presets.preset import TOTALS, Measure, Preset, english

_HUBSPOT_DAYS = {"en": (f"{ISO} %H:%M", ISO)}
_RECORD = english("Record ID")
HUBSPOT_DEALS = Preset(
    name="hubspot_deals",
    title="HubSpot: deals",
    source="hubspot deals",
    needs=(_RECORD, english("Deal Name"), english("Deal Stage")),
    day=english("Close Date", "Create Date"),
    formats=_HUBSPOT_DAYS,
    key=(_RECORD,),
    dims={"stage": english("Deal Stage"), "pipeline": english("Pipeline")},
    skip_first_cell=(),
    currency=english("Currency"),
    measures=(
        Measure("hubspot_deals", "HubSpot deals"),
        Measure("hubspot_deal_amount", "HubSpot deal amount", english("Amount"), "currency", 2),
    ),
    left_out="Names, owners and associated records are not read.",
)
HUBSPOT_CONTACTS = Preset(
    name="hubspot_contacts",
    title="HubSpot: contacts",
    source="hubspot contacts",
    needs=(_RECORD, english("First Name"), english("Last Name"), english("Email")),
    day=english("Create Date"),
    formats=_HUBSPOT_DAYS,
    key=(_RECORD,),
    dims={
        "lifecycle_stage": english("Lifecycle Stage"),
        "original_source": english("Original Source", "Original Traffic Source"),
    },
    skip_first_cell=(),
    measures=(Measure("hubspot_contacts", "HubSpot contacts"),),
    left_out="Names, addresses and telephone numbers are not read.",
)
_STAGE = english("Stage")
SALESFORCE = Preset(
    name="salesforce_opportunities",
    title="Salesforce: opportunity report",
    source="salesforce opportunities",
    needs=(english("Opportunity Name"), _STAGE, english("Amount")),
    day=english("Close Date", "Created Date"),
    formats={"en": ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", ISO)},
    key=(english("Opportunity ID"),),
    state=True,
    dims={"stage": _STAGE, "lead_source": english("Lead Source")},
    currency=english("Amount Currency"),
    footer=("Grand Totals", "Confidential Information", "Copyright (c)"),
    skip_first_cell=(*TOTALS, "Subtotal"),
    measures=(
        Measure("salesforce_opportunities", "Salesforce opportunities"),
        Measure(
            "salesforce_amount", "Salesforce opportunity amount", english("Amount"), "currency", 2
        ),
        Measure(
            "salesforce_won", "Salesforce opportunities won", when=((_STAGE, ("Closed Won",)),)
        ),
    ),
    left_out="Names of accounts and owners are not read.",
)
