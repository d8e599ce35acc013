"""A queue keeps what persons decided, reads back as it was written, and opens safely in a table program."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.literature.made import record

from ivigil.documents import BadInput
from ivigil.literature.ranking import Screened, asreview_ranker, ranked
from ivigil.literature.record import cleaned
from ivigil.literature.screening import COLUMNS, Entry, counts, queue_text, read_queue, with_search
from ivigil.literature.table import safe, unsafe

WORDS = st.text(max_size=20).map(cleaned)
NAMED = st.one_of(WORDS, st.sampled_from(["=1+1", "+A", "-A", "@A", "'=A", "''-A", "'A"])).filter(bool)


def entry(number: int, decision: str = "undecided", title: str = "") -> Entry:
    name = title or f"Example study {number}: invented"
    by = None if decision == "undecided" else "A. Person"
    return Entry(f"pmid-{number}", record(name, pmids=(str(number),)), decision, by=by)  # type: ignore[arg-type]


def read(text: str) -> tuple[Entry, ...]:
    return read_queue(text.encode(), "q.csv")


@given(st.lists(st.tuples(NAMED, WORDS, NAMED, st.sampled_from(["include", "exclude", "undecided"])), max_size=5))
def test_a_queue_reads_back_as_it_was_written(rows: list[tuple[str, str, str, str]]) -> None:
    entries = [
        replace(entry(n + 1, decision, title), reason=reason or None, by=by)
        for n, (title, reason, by, decision) in enumerate(rows)
    ]
    if entries:
        assert read(queue_text(entries)) == tuple(entries)


@given(st.text(max_size=12))
def test_no_cell_begins_a_formula(text: str) -> None:
    assert safe(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unsafe(safe(text)) == text


def test_formulas_in_titles_are_written_as_text() -> None:
    text = queue_text([entry(1, title="=cmd|' /C calc'!A0")])
    row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1]
    assert row[1].startswith("'=")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decision": "include", "by": ""}, "line 2, by: found nothing; expected who decided"),
        ({"decision": "maybe"}, "line 2, decision: found 'maybe'"),
        ({"id": ""}, "line 2, id"),
        ({"title": ""}, "line 2, title"),
        ({"year": "20"}, "line 2, year"),
        ({"doi": "nonsense"}, "line 2, doi"),
        ({"pmid": "1.0"}, "line 2, pmid"),
    ],
)
def test_faults_of_a_queue(changes: dict[str, str], said: str) -> None:
    cells = dict.fromkeys(COLUMNS, "") | {"id": "pmid-1", "title": "A", "decision": "exclude", "by": "A. Person"}
    rows = [COLUMNS, [(cells | changes)[name] for name in COLUMNS]]
    text = "\n".join(",".join(row) for row in rows)
    with pytest.raises(BadInput, match=said):
        read(text)
    assert read("\n".join(",".join(row) for row in [COLUMNS, [cells[name] for name in COLUMNS]]))


def test_an_id_twice_and_another_table_are_refused() -> None:
    with pytest.raises(BadInput, match="'pmid-1' 2 times"):
        read(queue_text([entry(1), entry(1)]))
    with pytest.raises(BadInput, match=r"no column 'decision'[\s\S]*the column 'b'"):
        read("id,b\n1,2\n")


def test_a_search_joins_a_queue_without_touching_decisions() -> None:
    held = [entry(2, "exclude"), entry(1, "include"), entry(3)]
    again = replace(held[1].record, dois=("10.5555/a",), abstract="Longer now", place="new.ris, record 1")
    joined = with_search(held, [again, record("Example study 9: new", pmids=("9",))])
    assert [(one.id, one.decision, one.by) for one in joined.entries[:3]] == [
        (one.id, one.decision, one.by) for one in held
    ]
    assert (joined.added, joined.again) == (("pmid-9",), ("pmid-1",))
    enriched = joined.entries[1].record
    assert (enriched.dois, enriched.abstract) == (("10.5555/a",), "Longer now")
    assert enriched.place == "made.ris, record 1; new.ris, record 1"
    assert joined.entries[3].decision == "undecided"
    assert with_search(joined.entries, [again]).entries == joined.entries


def test_two_entries_that_prove_to_be_one_both_stay() -> None:
    held = [entry(1, "include"), Entry("doi-10.5555/a", record("Other", dois=("10.5555/a",)), "exclude", by="B")]
    joined = with_search(held, [record("Bridge", pmids=("1",), dois=("10.5555/a",))])
    assert joined.entries == tuple(held)
    assert joined.remarks[-1] == "doi-10.5555/a and pmid-1 are one record, and both stay"


def test_records_without_ids_get_one_each() -> None:
    found = [record("Reply", year=2019), record("Reply", year=2019, place="g")]
    joined = with_search((), found)
    first, second = (one.id for one in joined.entries)
    assert second == f"{first}-2"
    assert with_search(joined.entries, found).entries == joined.entries


def backwards(given: Screened) -> Sequence[int]:
    return [n for n in reversed(range(len(given.texts))) if n not in given.included]


def test_a_ranking_orders_and_never_decides() -> None:
    entries = [entry(4), entry(1, "include"), entry(3), entry(2, "exclude")]
    found = ranked(entries, backwards, 1)
    assert [one.id for one in found] == ["pmid-4", "pmid-3", "pmid-1", "pmid-2"]
    assert set(found) == set(entries)
    assert counts(found) == counts(entries)
    assert [one.id for one in ranked(entries[::-1], backwards, 1)[:2]] == ["pmid-4", "pmid-3"]


def test_a_ranking_needs_both_kinds_and_every_record() -> None:
    with pytest.raises(BadInput, match="no excluded record"):
        ranked([entry(1, "include"), entry(2)], backwards, 1)
    with pytest.raises(BadInput, match="loses or repeats"):
        ranked([entry(1, "include"), entry(2, "exclude"), entry(3)], lambda _: [], 1)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("ivigil.literature.ranking.import_module", missing)
    with pytest.raises(BadInput, match=r"ivigil\[screening\]"):
        asreview_ranker()


def test_asreview_puts_like_records_first() -> None:
    pytest.importorskip("asreview", reason="NOT TESTED: the extra screening (asreview) is not installed")
    topics = ("neuropathy weakness nerve conduction", "asthma inhaler steroid wheeze")
    entries = [entry(n + 1, title=f"Example {n} {topics[n % 2]}") for n in range(12)]
    entries[0], entries[1] = (replace(entries[n], decision=d, by="A") for n, d in ((0, "include"), (1, "exclude")))  # type: ignore[arg-type]
    found = ranked(entries, asreview_ranker(), 7)
    assert all("neuropathy" in one.record.title for one in found[:5])
    assert ranked(entries[::-1], asreview_ranker(), 7)[:10] == found[:10]
