"""What an audit is asked: of what, by which rules, and what it may not show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ivigil.knowledge import Library, RuleSet
from ivigil.knowledge.audit_records import Disclosure

DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class Question:
    """What is audited, by which rules, and up to how many patients a figure is hidden; ``None`` hides nothing."""

    of: str
    library: Library
    rules: RuleSet
    other: RuleSet | None = None
    policy: Disclosure | None = None


def policy_of(library: Library, *, exact: bool, at_least: int | None = None) -> Disclosure | None:
    """Which figures are hidden: those that the knowledge names, or those of more patients where a place wants it."""
    policy = library.audits.disclosure.get(DISCLOSURE)
    if exact or policy is None:
        return None
    return policy if at_least is None else replace(policy, hide_up_to=max(at_least, policy.hide_up_to))
