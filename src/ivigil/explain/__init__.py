"""Floor 7: decisions in words: JSON, terminal and HTML, from one layout."""

from ivigil.explain.answer import answer, cited
from ivigil.explain.as_json import as_json, decision_text, fact_json
from ivigil.explain.comparison import Comparison, comparisons
from ivigil.explain.layout import Answer, Row, Section, Table
from ivigil.explain.page import page, plan_page
from ivigil.explain.words import VERDICTS, level_words, listed, reason

__all__ = [
    "VERDICTS",
    "Answer",
    "Comparison",
    "Row",
    "Section",
    "Table",
    "answer",
    "as_json",
    "cited",
    "comparisons",
    "decision_text",
    "fact_json",
    "level_words",
    "listed",
    "page",
    "plan_page",
    "reason",
]
