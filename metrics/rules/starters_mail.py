"""Starter metrics of e-mail."""

from metrics.rules.starter import AWARENESS, CONSIDERATION, RETENTION, Starter, rate
from metrics.rules.starter import gettext_noop as _

MAIL = (
    Starter(
        "sends", _("E-mails sent"),
        _("Messages handed over for sending, bounces included."),
        _(
            "Mailchimp calls the people of a campaign recipients; HubSpot counts as sent what it "
            "tried to send, without contacts that it dropped beforehand."
        ),
        stage=AWARENESS,
    ),
    Starter(
        "delivered", _("E-mails delivered"),
        _("Messages that the receiving server took: sent less bounced."),
        _(
            "No tool sees the inbox: delivered means that no bounce came back, so mail in a junk "
            "folder counts as delivered everywhere."
        ),
        stage=AWARENESS,
    ),
    Starter(
        "unique_recipients", _("Unique recipients"),
        _("People who got at least one message, each counted once in whatever days are asked for."),
        _(
            "Reports of one campaign count its own recipients; added up over campaigns they count "
            "the same person several times."
        ),
        kind="unique", stage=AWARENESS,
    ),
    Starter(
        "opens", _("E-mail opens"),
        _("Loads of the tracking image, repeated ones too."),
        _(
            "Apple Mail with privacy protection loads images by itself, whether or not anybody "
            "reads; some tools leave such opens out on request, others count them."
        ),
        stage=CONSIDERATION,
    ),
    Starter(
        "unique_opens", _("Unique openers"),
        _("People who opened at least once."),
        _(
            "Mailchimp shows it as “Opened” beside total opens; HubSpot takes a click as proof of "
            "an open even where no image was loaded."
        ),
        kind="unique", stage=CONSIDERATION,
    ),
    Starter(
        "clicks", _("E-mail link clicks"),
        _("Clicks on links in messages, repeated ones too."),
        _(
            "HubSpot leaves clicks on unsubscribe and preference links out; security scanners "
            "that follow links are filtered by some tools only."
        ),
        stage=CONSIDERATION,
    ),
    Starter(
        "unique_clicks", _("Unique clickers"),
        _("People who clicked at least one link."),
        _(
            "Mailchimp shows it as “Clicked”; a tool that counts once for each link gives more "
            "than one that counts once for each person."
        ),
        kind="unique", stage=CONSIDERATION,
    ),
    Starter(
        "bounces", _("E-mail bounces"),
        _("Messages that came back, for good (hard) or for now (soft)."),
        _(
            "Where a soft bounce is tried again, some tools count it at once and others only when "
            "they give up."
        ),
        direction="down", stage=AWARENESS,
    ),
    Starter(
        "unsubscribes", _("E-mail unsubscribes"),
        _("People who left a list, counted once for each time."),
        _(
            "Mailchimp counts those who used the link in that campaign; tools with preference "
            "centres also count who left one topic only."
        ),
        direction="down", stage=RETENTION,
    ),
    Starter(
        "complaints", _("Spam complaints"),
        _("Messages that somebody reported as spam."),
        _(
            "Only mailbox providers with a feedback loop report them: Gmail tells shares in "
            "Postmaster Tools, never single messages."
        ),
        direction="down", stage=RETENTION,
    ),
    rate(
        "ctr", _("Click-through rate"), ("clicks", "unique_recipients"),
        _(
            "All clicks over the people who got a message. Can pass 100 %: one person may click "
            "twice."
        ),
        _(
            "What HubSpot calls click-through rate is clicked over opened; Mailchimp has no such "
            "word and shows the click rate."
        ),
        stage=CONSIDERATION,
    ),
    rate(
        "click_rate", _("Click rate per delivered"), ("unique_clicks", "delivered"),
        _("People who clicked over messages delivered."),
        _(
            "HubSpot and Mailchimp both divide by what was delivered and count each clicker of a "
            "campaign once."
        ),
        stage=CONSIDERATION,
    ),
    rate(
        "ctr_delivered", _("Click-through rate per delivered"), ("clicks", "delivered"),
        _("All clicks over messages delivered. Can pass 100 %: one person may click twice."),
        _(
            "The nearest to the click-through rate that an export of campaigns gives: it knows "
            "what was delivered, and not how many different people got it."
        ),
        stage=CONSIDERATION,
    ),
    rate(
        "click_rate_sent", _("Click rate per sent"), ("unique_clicks", "sends"),
        _("People who clicked over messages sent."),
        _(
            "Lower than per delivered, because bounced messages count as sent; some tools show "
            "it where they do not know what was delivered."
        ),
        stage=CONSIDERATION,
    ),
    rate(
        "click_to_open", _("Click-to-open rate"), ("unique_clicks", "unique_opens"),
        _("Of those who opened, how many clicked."),
        _(
            "HubSpot calls it click-through rate, Mailchimp clicks per unique opens; opens that a "
            "mail program makes by itself lower it."
        ),
        stage=CONSIDERATION,
    ),
    rate(
        "open_rate", _("Open rate"), ("unique_opens", "delivered"),
        _("People who opened over messages delivered."),
        _(
            "Divided by delivered in Mailchimp and HubSpot; some tools divide by sent, which "
            "gives less. Image blocking lowers it, image proxies raise it."
        ),
        stage=CONSIDERATION,
    ),
    rate(
        "bounce_rate", _("E-mail bounce rate"), ("bounces", "sends"),
        _("Bounced over sent."),
        _(
            "Divided by sent nearly everywhere; not to be confused with the bounce rate of web "
            "analytics."
        ),
        direction="down", stage=AWARENESS,
    ),
    rate(
        "unsubscribe_rate", _("E-mail unsubscribe rate"), ("unsubscribes", "delivered"),
        _("Unsubscribed over delivered."),
        _(
            "Some tools divide by sent or by opened; ask which one a benchmark means before "
            "comparing."
        ),
        direction="down", stage=RETENTION,
    ),
)  # fmt: skip
