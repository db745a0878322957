"""Starter metrics of leads, deals and money."""

from metrics.rules.starter import CONSIDERATION, DECISION, RETENTION, Starter, price, rate
from metrics.rules.starter import gettext_noop as _

SALES = (
    Starter(
        "leads", _("New leads"),
        _("People who left their details, by the day on which they did."),
        _(
            "Salesforce has a record of its own for leads, in HubSpot a lead is a stage of a "
            "contact: one person can become a lead once there, and several times here."
        ),
        stage=CONSIDERATION,
    ),
    Starter(
        "mql", _("Marketing qualified leads"),
        _("Leads that marketing thinks are worth a call."),
        _(
            "HubSpot dates them by the day on which the lifecycle stage was set; a score that was "
            "changed can date many on one day."
        ),
        stage=CONSIDERATION,
    ),
    Starter(
        "sql", _("Sales qualified leads"),
        _("Leads that sales has accepted."),
        _(
            "Salesforce knows no such word: most teams take a lead status or the conversion to a "
            "contact. Write your rule into the description."
        ),
        stage=DECISION,
    ),
    Starter(
        "deals", _("New deals"),
        _("Opportunities that were opened."),
        _(
            "HubSpot says deals, Salesforce opportunities; imported ones may carry the day of the "
            "import as the day of creation."
        ),
        stage=DECISION,
    ),
    Starter(
        "deals_won", _("Deals won"),
        _("Deals that were closed as won, by their close date."),
        _(
            "The close date can be edited by hand in HubSpot and Salesforce; a past month may "
            "change."
        ),
        stage=DECISION,
    ),
    Starter(
        "deals_lost", _("Deals lost"),
        _("Deals that were closed as lost, by their close date."),
        _(
            "Deals that nobody closes are in no report of lost ones: a tidy-up shows as a bad "
            "month."
        ),
        direction="down", stage=DECISION,
    ),
    Starter(
        "customers", _("New customers"),
        _("Customers who bought for the first time."),
        _(
            "A CRM counts accounts, a shop counts buyers by e-mail address; guests who buy twice "
            "may be two."
        ),
        stage=DECISION,
    ),
    Starter(
        "revenue", _("Sales revenue"),
        _("What was sold, net of tax."),
        _(
            "CRM revenue is the amount of deals won on the close date, a shop's is of orders, "
            "with or without returns: choose one and name it."
        ),
        unit="currency", decimals=2, stage=DECISION,
    ),
    Starter(
        "marketing_cost", _("Marketing and sales cost"),
        _("Everything spent to win customers: advertising, tools, people."),
        _(
            "No tool knows it all; advertising cost alone makes customers look cheaper than they "
            "are."
        ),
        unit="currency", decimals=2, direction="down",
    ),
    Starter(
        "pipeline", _("Open pipeline"),
        _("The amount of all open deals: a level, of which the last value counts."),
        _(
            "HubSpot can weight amounts by stage, Salesforce calls that expected revenue; neither "
            "keeps what it was last month unless somebody takes a snapshot."
        ),
        kind="last", unit="currency", decimals=2, stage=DECISION,
    ),
    Starter(
        "contacts", _("Contacts in the list"),
        _("How many people can be written to: a level."),
        _(
            "Mailchimp's audience may include unsubscribed and cleaned contacts, for which it may "
            "charge, too; take the subscribed ones."
        ),
        kind="last", stage=RETENTION,
    ),
    price(
        "cpl", _("Cost per lead (CPL)"), ("ad_cost", "leads"),
        _("Advertising cost over new leads, whatever they came from."),
        _(
            "Platforms divide by the leads that they claim for themselves, which gives less or "
            "more than the CRM's leads do."
        ),
        stage=CONSIDERATION,
    ),
    price(
        "cac", _("Customer acquisition cost"), ("marketing_cost", "customers"),
        _("All cost of marketing and sales over new customers."),
        _(
            "“Paid CAC” divides advertising cost only; a blended one counts customers who came by "
            "themselves, too."
        ),
        stage=DECISION,
    ),
    rate(
        "conversion_rate", _("Conversion rate"), ("conversions", "ad_clicks"),
        _("Conversions over clicks on ads."),
        _(
            "Google Ads divides by interactions that can lead to a conversion, GA4 by sessions or "
            "by users: three numbers by one name."
        ),
        stage=DECISION,
    ),
    rate(
        "lead_to_deal", _("Lead-to-deal rate"), ("deals", "leads"),
        _("New deals over new leads of the same days."),
        _(
            "CRM funnels follow each lead until it becomes a deal; a ratio of the same days is "
            "quicker and lags when the lead time is long."
        ),
        stage=DECISION,
    ),
    Starter(
        "win_rate", _("Win rate"),
        _("Deals won over deals closed, won or lost."),
        _(
            "Some reports divide by all deals that were opened; then it falls whenever many new "
            "ones come in."
        ),
        kind="derived", unit="percent", decimals=2, stage=DECISION,
        formula="deals_won / (deals_won + deals_lost) * 100",
    ),
    price(
        "average_deal", _("Average deal size"), ("revenue", "deals_won"),
        _("Revenue over deals won."),
        _(
            "HubSpot's average deal amount can be set to all deals or to closed ones; open deals "
            "usually look larger."
        ),
        direction="up", stage=DECISION,
    ),
    Starter(
        "roi", _("Return on investment"),
        _("What was earned beyond the cost, over the cost: 25 % means 1.25 earned for 1 spent."),
        _(
            "Platforms show ROAS, which keeps the cost in: ROI in percent is ROAS less one, times "
            "100, when both use the same money."
        ),
        kind="derived", unit="percent", decimals=1, stage=DECISION,
        formula="(revenue - marketing_cost) / marketing_cost * 100",
    ),
)  # fmt: skip
