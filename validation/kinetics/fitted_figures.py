"""Fitted figures of a hypothesis, put into its file of knowledge with the digits that the file keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ivigil.documents import write_whole
from ivigil.knowledge import data_folder

HYPOTHESES = data_folder() / "hypotheses"
DIGITS = 3


def rounded(found: float) -> float:
    """The figure as a file keeps it."""
    return float(f"{found:.{DIGITS}g}")


def write_figures(hypothesis: str, figures: Mapping[str, float]) -> None:
    """Replace the values of these figures in the hypothesis's file; every other line stays as it is."""
    path = HYPOTHESES / f"{hypothesis}.yaml"
    text = path.read_text(encoding="utf-8")
    for name, value in figures.items():
        text, found = re.subn(rf"(- name: {re.escape(name)}\n    value: )\S+", rf"\g<1>{value:g}", text)
        if found != 1:
            raise ValueError(f"{path.name}: found {found} figures {name!r}; expected one")
    write_whole(path, text)
