"""What reports tell the log."""

from django.utils.translation import gettext_noop

from workspaces.rules.notices import notice
from workspaces.rules.verbs import verb, verb_group

REVIEW_STARTED = verb(
    "review.started", gettext_noop("{who} began a review; goals to look at: {count}")
)
REVIEW_LOOKED = verb(
    "review.looked",
    gettext_noop("{who} looked at “{title}” in a review"),
    endings={"skipped": gettext_noop("{who} skipped “{title}” in a review")},
)
REVIEW_ASKED = verb("review.asked", gettext_noop("{who} asks about “{title}”: {question}"))
REVIEW_ENDED = verb(
    "review.ended",
    gettext_noop("{who} ended a review; goals looked at: {seen}, skipped: {skipped}"),
)
OPTIMISATION_BEGUN = verb("optimisation.begun", gettext_noop("{who} changed something: {title}"))
OPTIMISATION_CHANGED = verb(
    "optimisation.changed", gettext_noop("{who} corrected the optimisation “{title}”")
)
OPTIMISATION_ENDED = verb(
    "optimisation.ended", gettext_noop("{who} wrote down what “{title}” taught: {learnt}")
)
OPTIMISATION_REMOVED = verb(
    "optimisation.removed", gettext_noop("{who} removed the optimisation “{title}”")
)
NOTICE_ASKED = notice("review", gettext_noop("Somebody asks me about my goal in a review"))
verb_group("reviews", gettext_noop("Reviews and optimisations"), "review optimisation")
