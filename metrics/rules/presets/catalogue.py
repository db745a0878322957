"""All presets by name."""

from metrics.rules.presets.accounts import DEMANDBASE, DRIFT, SIXSENSE, TERMINUS
from metrics.rules.presets.ads import ADS_TABLE, GOOGLE_ADS, LINKEDIN, META_ADS
from metrics.rules.presets.crm import HUBSPOT_CONTACTS, HUBSPOT_DEALS, SALESFORCE
from metrics.rules.presets.mail import HUBSPOT_EMAIL, MAILCHIMP
from metrics.rules.presets.preset import Preset
from metrics.rules.presets.web import GA4_EXPLORATION, GA4_REPORT

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        GOOGLE_ADS, GA4_REPORT, GA4_EXPLORATION, META_ADS, LINKEDIN, MAILCHIMP, HUBSPOT_CONTACTS,
        HUBSPOT_DEALS, SALESFORCE, ADS_TABLE, HUBSPOT_EMAIL, DRIFT, DEMANDBASE, TERMINUS, SIXSENSE,
    )
}  # fmt: skip
