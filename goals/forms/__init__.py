"""The forms of goals: they check shape and never save."""

from goals.forms.goals import CloseForm, GoalForm, VersionForm, a_year_from
from goals.forms.guardrails import GuardrailForm
from goals.forms.terms import TermsForm

__all__ = ["CloseForm", "GoalForm", "GuardrailForm", "TermsForm", "VersionForm", "a_year_from"]
