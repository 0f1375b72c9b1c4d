"""The policy floor: records and guidelines in, verdicts with their reasons out.

In: :class:`nmsdreports.intake.Records` and the guidelines (``guidelines.toml`` with a district's
changes). Out: :class:`Policy`, :class:`Assessment` (duties and findings of all time) and
:class:`Standing` (the look-ups of one day).
``findings = duties − evidence``: everything else is a look-up.
Traps: intervals are half-open; a day is a whole number inside this floor and datetime64 in every
frame that leaves it; a fact after the as-of day needs no filter because its span begins after it.
"""

from nmsdreports.policy.assess import Assessment, assess
from nmsdreports.policy.guidelines import Guideline, Policy, read_policy
from nmsdreports.policy.standing import Standing

__all__ = ["Assessment", "Guideline", "Policy", "Standing", "assess", "read_policy"]
