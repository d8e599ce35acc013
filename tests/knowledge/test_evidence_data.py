"""What holds of every study, analysis, recomputation and claim on record: figures were read, and nothing else was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

import pytest

from ivigil.documents import encode, parse_yaml
from ivigil.documents.schemas import check
from ivigil.evidence.recompute import recomputed
from ivigil.knowledge import data_folder
from ivigil.knowledge.analysis_records import Analysis
from ivigil.knowledge.recomputation_records import Recomputation
from ivigil.knowledge.records import Claim, Passage, Source
from ivigil.knowledge.study_records import ArmCount, Study, StudyResult

T = TypeVar("T", Study, Analysis, Recomputation, Claim, Source)

DATA = data_folder()
SEED = "gilardin-2015"
CLAIMS_OF_THE_SEED = 37
# What a figure must not rest on. A study that could not be read is named under ``missing``, which may use them.
UNREAD = re.compile(r"\b(remembered|from memory|fitted|inferred|assumed|estimated by us|solver)\b", re.IGNORECASE)
QUANTITATIVE = re.compile(r"\d%|\bCI\b|\bp [<=]|mean difference|relative risk|\d years", re.IGNORECASE)


def records(folder: str, kind: type[T]) -> list[T]:
    """Every file of one folder, as its record."""
    return [record_at(f"{folder}/{path.name}", kind) for path in sorted((DATA / folder).glob("*.yaml"))]


def record_at(name: str, kind: type[T]) -> T:
    data, place = parse_yaml((DATA / name).read_bytes(), name)
    return check(kind, data, place)


@cache
def source(key: str) -> Source:
    return record_at(f"sources/{key}.yaml", Source)


STUDIES = records("studies", Study)
ANALYSES = records("analyses", Analysis)
RECOMPUTATIONS = records("recomputations", Recomputation)
CLAIMS = [claim for claim in records("claims", Claim) if claim.passage.source == SEED]
RESULTS = [(study, result) for study in STUDIES for result in study.results]
RESULT_IDS = [f"{study.id}/{result.id}" for study, result in RESULTS]


def passages(value: Any) -> Iterator[Passage]:  # noqa: ANN401 - any part of a record
    if isinstance(value, Passage):
        yield value
    for part in vars(value).values() if hasattr(value, "__dict__") else value if isinstance(value, tuple) else ():
        yield from passages(part)


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any encoded value
    """Every text of an encoded record, except why a study is missing."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key != "missing":
                yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def counts_printed_as(percent: Decimal, n: int) -> list[int]:
    """Every count of ``n`` that prints as ``percent``: no further from it than half a unit of its last digit."""
    half = Fraction(Decimal(1).scaleb(int(percent.as_tuple().exponent))) / 2
    return [events for events in range(n + 1) if abs(Fraction(100 * events, n) - Fraction(percent)) <= half]


def test_there_are_records() -> None:
    assert STUDIES
    assert ANALYSES
    assert RECOMPUTATIONS


def test_the_claims_of_the_seed_are_all_there() -> None:
    numbers = sorted(int(claim.id[1:3]) for claim in CLAIMS)
    assert numbers == list(range(1, CLAIMS_OF_THE_SEED + 1))


@pytest.mark.parametrize("record", [*STUDIES, *ANALYSES, *RECOMPUTATIONS], ids=lambda record: record.id)
def test_every_figure_comes_from_a_source_that_was_read(record: Study | Analysis | Recomputation) -> None:
    found = list(passages(record))
    assert found or isinstance(record, Analysis)  # an analysis names studies, and they their sources
    assert all(source(one.source).read in {"full text", "abstract", "table", "excerpt"} for one in found)


@pytest.mark.parametrize(("_study", "result"), RESULTS, ids=RESULT_IDS)
def test_counts_are_possible(_study: Study, result: StudyResult) -> None:
    for count in result.counts:
        assert 0 <= count.events <= count.n
        if count.percent is not None:
            assert count.events in counts_printed_as(count.percent, count.n)


@pytest.mark.parametrize(("_study", "result"), RESULTS, ids=RESULT_IDS)
def test_a_count_from_a_percentage_is_the_only_one(_study: Study, result: StudyResult) -> None:
    if result.verified == "count from percentage":
        assert result.counts
        for count in result.counts:
            assert count.percent is not None
            assert counts_printed_as(count.percent, count.n) == [count.events]


@pytest.mark.parametrize(("study", "result"), RESULTS, ids=RESULT_IDS)
def test_a_count_is_of_no_more_than_its_arm(study: Study, result: StudyResult) -> None:
    if result.compared == "crossover, periods as arms":
        return  # both arms of a crossover add to each treatment's period
    sizes = {arm.id: arm.n for arm in study.arms}
    counted = [(one.arm, one.n) for one in result.counts] + [(one.arm, one.n) for one in result.means]
    assert all(n <= (sizes[arm] or n) for arm, n in counted)


@pytest.mark.parametrize(("_study", "result"), RESULTS, ids=RESULT_IDS)
def test_an_interval_holds_its_estimate(_study: Study, result: StudyResult) -> None:
    effect = result.effect
    if effect is not None and effect.low is not None and effect.high is not None:
        assert effect.low <= effect.estimate <= effect.high


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.id)
def test_a_published_interval_holds_its_estimate(analysis: Analysis) -> None:
    published = analysis.published
    assert published is None or published.low <= published.estimate <= published.high


@pytest.mark.parametrize("record", [*STUDIES, *ANALYSES, *RECOMPUTATIONS], ids=lambda record: record.id)
def test_nothing_rests_on_memory_or_on_a_fit(record: Study | Analysis | Recomputation) -> None:
    assert [text for text in texts(encode(record)) if UNREAD.search(text)] == []


@pytest.mark.parametrize("claim", [one for one in CLAIMS if QUANTITATIVE.search(one.text)], ids=lambda claim: claim.id)
def test_a_figure_that_is_claimed_is_computed_again_or_its_check_says_a_figure(claim: Claim) -> None:
    again = any(one.claim == claim.id for one in RECOMPUTATIONS)
    assert again or re.search(r"\d", claim.check.found)


@pytest.mark.parametrize("one", RECOMPUTATIONS, ids=lambda one: one.id)
def test_what_comes_out_is_what_is_recorded(one: Recomputation) -> None:
    assert recomputed(one).as_recorded


@pytest.mark.parametrize("one", RECOMPUTATIONS, ids=lambda one: one.id)
def test_a_recomputation_is_named_after_its_claim(one: Recomputation) -> None:
    assert (DATA / "claims" / f"{one.claim}.yaml").is_file()
    if one.claim in {claim.id for claim in CLAIMS}:
        assert one.id.startswith(one.claim[:4])


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.id)
def test_a_part_of_the_published_trials_is_not_taken_for_all(analysis: Analysis) -> None:
    """Where a source pools more trials than were read, the others are named as missing."""
    published = analysis.published
    if published is not None and published.trials is not None and published.trials > len(analysis.studies):
        assert analysis.missing


class TestTheChecksBite:
    """Each check above finds what it is meant to find."""

    @pytest.mark.parametrize("word", ["remembered", "From memory", "fitted", "inferred", "assumed"])
    def test_words(self, word: str) -> None:
        study = {"results": [{"note": f"The count is {word}."}]}
        assert any(UNREAD.search(text) for text in texts(study))
        assert not any(UNREAD.search(text) for text in texts({"missing": study}))

    def test_a_percentage_that_two_counts_share(self) -> None:
        count = ArmCount(arm="a", events=150, n=300, percent=Decimal(50))
        assert len(counts_printed_as(count.percent or Decimal(0), count.n)) > 1

    def test_a_percentage_that_no_count_prints(self) -> None:
        assert counts_printed_as(Decimal(78), 34) == []

    def test_the_only_count(self) -> None:
        assert counts_printed_as(Decimal("2.2"), 90) == [2]
