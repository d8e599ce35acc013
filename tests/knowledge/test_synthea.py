"""Made-up patients of a public generator: full records in which nobody asks for immunoglobulin."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ivigil.explain.as_json import decision_text
from ivigil.facts import read_case
from ivigil.knowledge import load
from ivigil.review import Judge

ARCHIVE = Path(__file__).parents[3] / "shared" / "data" / "synthea-bundles-40.tar.xz"


def bundles() -> Iterator[tuple[str, bytes]]:
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".json") else None
            if file:
                yield member.name, file.read()


@pytest.mark.skipif(not ARCHIVE.exists(), reason="the archive of made-up patients is not here")
def test_each_record_gives_one_row_that_says_what_is_missing() -> None:
    library = load()
    judge = Judge(library)
    verdicts = {}
    for name, content in bundles():
        case = read_case(content, name, library.vocabulary)
        [decision] = judge.decide(case, library.rule_sets["review-2015"], date(2026, 11, 20))
        verdicts[name] = (decision.verdict, decision.indication)
        assert decision_text(decision)

    assert len(verdicts) == 40
    assert set(verdicts.values()) == {("needs-information", None)}
