"""The rules of thumb behind hints under the name of their old home."""

from ivigil.knowledge.grading_records import HintRule

__all__ = ["HintRule"]
