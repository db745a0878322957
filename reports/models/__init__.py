"""What reports keep."""

from reports.models.optimisations import Optimisation
from reports.models.reviews import Review, ReviewItem

__all__ = ["Optimisation", "Review", "ReviewItem"]
