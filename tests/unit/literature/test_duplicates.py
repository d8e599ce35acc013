"""Duplicates are found whatever the order; what ids tell apart is never merged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.literature.made import record

from ivigil.literature.duplicates import author_key, title_key, without_duplicates
from ivigil.literature.near_duplicates import near_duplicates
from ivigil.literature.record import Record

TITLE = "Example study A: an invented trial"
AUTHORS = ("Example, Ada",)


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


RECORDS = st.lists(
    st.builds(
        Record,
        source=st.sampled_from(["RIS", "PubMed XML", "MEDLINE", "ClinicalTrials.gov"]),
        place=st.integers(1, 40).map(lambda n: f"f, record {n}"),
        title=st.sampled_from([TITLE, f"{TITLE.upper()}.", "Reply", "Example study B: of four words"]),
        dois=some(["10.5555/a", "10.5555/b"]),
        pmids=some(["1", "2", "3"]),
        ncts=some(["NCT00000001", "NCT00000002"]),
        authors=st.sampled_from([(), AUTHORS, ("EXAMPLE A",), ("Sample, Bo",)]),
        year=st.sampled_from([None, 2018, 2019, 2020, 2022]),
        abstract=st.sampled_from([None, "short", "rather long"]),
    ),
    max_size=12,
)


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_records_never_matters(records: list[Record], rng: object) -> None:
    shuffled = sorted(records, key=lambda _: rng.random())  # type: ignore[attr-defined]
    assert without_duplicates(shuffled) == without_duplicates(records)
    assert without_duplicates(records + records) == without_duplicates(records)


@given(RECORDS)
def test_merging_again_changes_nothing(records: list[Record]) -> None:
    once = [one.record for one in without_duplicates(records)]
    assert [one.record for one in without_duplicates(once)] == once


@given(RECORDS)
def test_nothing_is_lost(records: list[Record]) -> None:
    found = without_duplicates(records)
    assert sorted(map(repr, set(records))) == sorted(repr(one) for group in found for one in group.members)
    for group in found:
        for kind in ("dois", "pmids", "ncts"):
            assert set(getattr(group.record, kind)) == {value for one in group.members for value in getattr(one, kind)}
        assert len(group.record.abstract or "") == max(len(one.abstract or "") for one in group.members)


@given(RECORDS)
def test_an_id_is_left_in_one_record_only(records: list[Record]) -> None:
    found = [one.record for one in without_duplicates(records)]
    for kind in ("dois", "pmids"):
        values = [value for one in found for value in getattr(one, kind)]
        assert len(values) == len(set(values))


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ({"dois": ("10.5555/a",)}, {"dois": ("10.5555/a",), "title": "Another title of it"}, True),
        ({"pmids": ("1",)}, {"pmids": ("1",), "year": 2011}, True),
        ({"ncts": ("NCT00000001",), "authors": ()}, {"ncts": ("NCT00000001",), "title": "Registry entry"}, True),
        ({"ncts": ("NCT00000001",), "pmids": ("1",)}, {"ncts": ("NCT00000001",), "pmids": ("2",)}, False),
        ({}, {"title": "EXAMPLE  Study A — an invented trial.", "authors": ("Example A.",)}, True),
        ({}, {"year": 2020}, True),
        ({}, {"year": 2021}, False),
        ({}, {"year": None}, False),
        ({}, {"authors": ("Sample, Bo",)}, False),
        ({}, {"title": "Example study A: an invented trial, continued"}, False),
        ({"pmids": ("1",)}, {"dois": ("10.5555/a",)}, True),
        ({"dois": ("10.5555/a",)}, {"dois": ("10.5555/b",)}, False),
        ({"title": "Authors' reply"}, {"title": "Authors' reply"}, False),
    ],
)
def test_what_is_one(first: dict[str, object], second: dict[str, object], together: bool) -> None:  # noqa: FBT001 - a column of the table
    usual = {"title": TITLE, "authors": AUTHORS, "year": 2019}
    found = without_duplicates([record(**usual | first), record(**usual | second, place="g, record 1")])  # type: ignore[arg-type]
    assert (len(found) == 1) is together


def test_a_record_between_two_that_ids_tell_apart_joins_neither() -> None:
    """An update of a review has its own DOI: which of them the third record is, nobody can tell."""
    usual = record(TITLE, authors=AUTHORS, year=2019)
    three = [replace(usual, dois=("10.5555/a",)), usual, replace(usual, dois=("10.5555/b",))]
    assert len(without_duplicates(three)) == 3
    assert len(without_duplicates(three[:2])) == 1


def test_an_id_that_members_do_not_agree_on_is_told() -> None:
    one = record(dois=("10.5555/a",), pmids=("1",))
    assert without_duplicates([one, replace(one, pmids=("2",))])[0].remarks == ("2 PMIDs: 1, 2",)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"year": 2015}, "the same title, but another year or author"),
        ({"year": None}, "the same title, but no year or author to go by"),
        ({"dois": ("10.5555/b",)}, "the same title, but other ids"),
        ({"title": "An example study A: an invented trial"}, "titles alike, of one first author and time"),
        ({"title": "Another report", "ncts": ("NCT00000001",)}, "of the same registered trial"),
        ({"title": "Another report"}, None),
    ],
)
def test_near_duplicates_are_offered_and_not_merged(changes: dict[str, object], why: str | None) -> None:
    usual = {"title": TITLE, "authors": AUTHORS, "year": 2019, "dois": ("10.5555/a",), "ncts": ("NCT00000001",)}
    other = {**usual, "dois": ("10.5555/b",) if "title" in changes else (), "ncts": (), **changes}
    found = without_duplicates([record(**usual), record(**other)])  # type: ignore[arg-type]
    assert len(found) == 2
    assert [one.why for one in near_duplicates([one.record for one in found])] == ([why] if why else [])


def test_keys() -> None:
    assert title_key(record("Étude d’exemple: <b>A</b>")) == title_key(record("etude d exemple b a b"))
    for name in ("Müller, Eva", "Muller E", "MÜLLER E.M.", "Eva Müller"):
        assert author_key(record(authors=(name,))) == "muller"
    assert author_key(record()) == ""
