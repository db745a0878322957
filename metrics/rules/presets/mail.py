"""E-mail: Mailchimp, and HubSpot's e-mail performance by its documented words."""

from metrics.rules.daymaps import ISO
from metrics.rules.presets.preset import Measure, Preset, english

_SENT = "%b %d, %Y %I:%M %p"
MAILCHIMP = Preset(
    name="mailchimp",
    title="Mailchimp: all campaigns",
    source="mailchimp",
    needs=(
        english("Title"),
        english("Subject"),
        english("List", "Audience"),
        english("Send Date"),
        english("Total Recipients"),
        english("Unique Id"),
    ),
    day=english("Send Date"),
    formats={"en": (_SENT, f"{ISO} %H:%M:%S", ISO)},
    key=(english("Unique Id"),),
    dims={"campaign": english("Title"), "audience": english("List", "Audience")},
    skip_first_cell=(),
    measures=(
        Measure("mailchimp_campaigns", "Mailchimp campaigns"),
        Measure("mailchimp_sends", "Mailchimp recipients", english("Total Recipients")),
        Measure("mailchimp_delivered", "Mailchimp deliveries", english("Successful Deliveries")),
        Measure(
            "mailchimp_soft_bounces", "Mailchimp soft bounces", english("Soft Bounces"),
            direction="down",
        ),
        Measure(
            "mailchimp_hard_bounces", "Mailchimp hard bounces", english("Hard Bounces"),
            direction="down",
        ),
        Measure("mailchimp_unique_opens", "Mailchimp unique opens", english("Unique Opens")),
        Measure("mailchimp_opens", "Mailchimp opens", english("Total Opens")),
        Measure("mailchimp_unique_clicks", "Mailchimp unique clicks", english("Unique Clicks")),
        Measure("mailchimp_clicks", "Mailchimp clicks", english("Total Clicks")),
        Measure(
            "mailchimp_unsubscribes", "Mailchimp unsubscribes", english("Unsubscribes"),
            direction="down",
        ),
        Measure(
            "mailchimp_complaints", "Mailchimp complaints", english("Abuse Complaints"),
            direction="down",
        ),
        Measure("mailchimp_orders", "Mailchimp orders", english("Total Orders")),
        Measure("mailchimp_revenue", "Mailchimp revenue", english("Total Revenue"), "currency", 2),
    ),
    left_out=(
        "Open Rate and Click Rate are computed from the counts. Unique opens and clicks are unique "
        "within a campaign; summed over campaigns a person counts once in each."
    ),
)  # fmt: skip
HUBSPOT_EMAIL = Preset(
    name="hubspot_email",
    title="HubSpot: e-mail performance",
    source="hubspot e-mail",
    detect=False,
    day=english("Send Date", "Send date"),
    formats={"en": (f"{ISO} %H:%M", ISO)},
    dims={"email": english("Email Name", "Email name")},
    measures=(
        Measure("hubspot_email_sent", "HubSpot e-mails sent", english("Sent")),
        Measure("hubspot_email_delivered", "HubSpot e-mails delivered", english("Delivered")),
        Measure("hubspot_email_opens", "HubSpot e-mail opens", english("Open")),
        Measure("hubspot_email_clicks", "HubSpot e-mail clicks", english("Click")),
        Measure(
            "hubspot_email_bounces", "HubSpot e-mail bounces", english("Bounce"), direction="down"
        ),
        Measure(
            "hubspot_email_spam", "HubSpot spam reports", english("SpamReport"), direction="down"
        ),
        Measure(
            "hubspot_email_unsubscribed", "HubSpot unsubscribes", english("Unsubscribed"),
            direction="down",
        ),
    ),
    left_out="Rates are computed: HubSpot divides clicks by deliveries, other tools by recipients.",
)  # fmt: skip
