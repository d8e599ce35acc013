"""Each format is known by its content, and a bad record costs nobody the good ones."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from tests.unit.literature.made import MEDLINE, example

from ivigil.documents import BadInput
from ivigil.literature.reading import format_of, read_records
from ivigil.literature.record import Read, cleaned, doi_of, nct_of, pmid_of, year_of
from ivigil.literature.screening import queue_text, read_queue, with_search

FILES = {
    "RIS": example("search.ris"),
    "PubMed XML": example("pubmed.xml"),
    "MEDLINE": MEDLINE,
    "ClinicalTrials.gov": example("trials.json"),
}


def read(content: str | bytes) -> Read:
    return read_records(content.encode() if isinstance(content, str) else content, "f")


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("change", [bytes, lambda one: b"\xef\xbb\xbf" + one, lambda one: b"\n \n" + one])
def test_the_content_names_the_format(kind: str, change: object) -> None:
    content = change(FILES[kind])  # type: ignore[operator]
    assert format_of(content) == kind


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
@pytest.mark.parametrize("kind", ["RIS", "MEDLINE"])
def test_line_endings_change_nothing(kind: str, ending: bytes) -> None:
    first, second = (read_records(one, "f") for one in (FILES[kind], FILES[kind].replace(b"\n", ending)))
    assert first == second
    assert first.records


def test_ris() -> None:
    found = read(FILES["RIS"])
    assert [one.year for one in found.records] == [2019, 2020, 2020]
    first = found.records[0]
    assert first.dois == ("10.5555/example.a",)
    assert first.authors == ("Example, Ada", "Sample, Bo")
    assert first.journal == "Invented Journal of Examples"
    assert (first.place, first.language) == ("f, record 1, line 1", "English")
    assert [one.place for one in found.quarantined] == ["f, record 4, line 29"]


def test_pubmed() -> None:
    first, second = read(FILES["PubMed XML"]).records
    assert (first.pmids, first.dois, first.ncts) == (("999999901",), ("10.5555/example.a",), ("NCT99999901",))
    assert first.title == "Example study A: an invented trial of intravenous immunoglobulin against placebo."
    assert first.authors[0] == "Example, Ada"
    assert first.abstract is not None
    assert first.abstract.startswith("BACKGROUND: Invented")
    assert (second.year, second.abstract, second.language) == (2020, None, "fre")


def test_medline() -> None:
    first, second = read(MEDLINE).records
    assert first.title.endswith("against placebo.")
    assert (first.dois, first.ncts, first.authors) == (("10.5555/example.a",), ("NCT99999901",), ("Example, Ada",))
    assert (second.year, second.place) == (2021, "f, record 2, line 15")


def test_two_formats_of_one_record_agree() -> None:
    keep = {"source": "", "place": "", "abstract": None, "publication_types": (), "authors": ()}
    xml, medline = (replace(read(FILES[kind]).records[0], **keep) for kind in ("PubMed XML", "MEDLINE"))  # type: ignore[arg-type]
    assert xml == medline


def test_registered_trials_as_a_page_a_list_and_one() -> None:
    page = json.loads(FILES["ClinicalTrials.gov"])
    forms = [read(json.dumps(one)) for one in (page, page["studies"], page["studies"][0])]
    assert forms[0] == forms[1] == forms[2]
    one = forms[0].records[0]
    assert (one.ncts, one.year, one.pmids) == (("NCT99999901",), 2016, ())


def test_a_page_of_several_is_told() -> None:
    page = json.loads(FILES["ClinicalTrials.gov"]) | {"nextPageToken": "x"}
    assert "nextPageToken" in str(read(json.dumps(page)).quarantined[0].faults[0])


def test_publications_of_a_trial_are_not_its_own_ids() -> None:
    page = json.loads(FILES["ClinicalTrials.gov"])
    page["studies"][0]["protocolSection"]["referencesModule"] = {"references": [{"pmid": "999999999"}]}
    assert read(json.dumps(page)).records[0].pmids == ()


def test_cited_articles_of_pubmed_are_not_its_own_ids() -> None:
    cited = (
        b"<ReferenceList><Reference><ArticleIdList><ArticleId IdType='doi'>10.5555/other</ArticleId></ArticleIdList>"
    )
    content = FILES["PubMed XML"].replace(b"</PubmedData>", cited + b"</Reference></ReferenceList></PubmedData>")
    assert content != FILES["PubMed XML"]
    assert read(content).records[0].dois == ("10.5555/example.a",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "an empty file"),
        ("study,year\nA,2020\n", "no known format"),
        (b"\xff\xfeT\x00Y\x00", "UTF-16"),
        ("TY  - JOUR\nTI  - ä\nER  - \n".encode("latin-1"), "not UTF-8"),
        ("<html></html>", "XML of 'html'"),
        ("<PubmedArticleSet></PubmedArticleSet>", "without a record"),
        ("<PubmedArticleSet>", "breaks off"),
        ('<?xml version="1.0" encoding="nonsense"?><PubmedArticleSet/>', "encoding"),
        ('{"a": 1}', "JSON of another kind"),
        ("[]", "without a record"),
        ("{", "not JSON"),
    ],
)
def test_a_file_that_cannot_be_read(content: str | bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(content)


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1/x">%a;',
    ],
)
def test_xml_that_declares_anything_is_refused(declared: str) -> None:
    with pytest.raises(BadInput, match="declarations inside"):
        read(f"<!DOCTYPE PubmedArticleSet [{declared}]><PubmedArticleSet>&a;&b;</PubmedArticleSet>")


def test_an_entity_that_is_not_explained_is_no_silent_gap() -> None:
    content = FILES["PubMed XML"].replace(b"against placebo", b"against &alpha; placebo")
    found = read(content)
    assert "&alpha;" in str(found.quarantined[0].faults[0])
    assert len(found.records) == 1


def test_xml_nested_too_deep() -> None:
    with pytest.raises(BadInput, match="too deep"):
        read("<a>" * 100_000)


def test_good_articles_before_the_break_are_kept() -> None:
    content = FILES["PubMed XML"]
    found = read(content[: content.rindex(b"<ArticleTitle>")])
    assert len(found.records) == 1
    assert "breaks off" in str(found.quarantined[0].faults[0])


@pytest.mark.parametrize(
    ("content", "good", "said"),
    [
        ("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \n", ["Two"], "another TY on line 3"),
        ("TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\n", ["One"], "the end of the file before ER"),
        ("TI  - One\nER  - \nTY  - JOUR\nTI  - Two\nER  - \n", ["Two"], "the tag TI before TY"),
        ("Provider: x\nTY  - JOUR\nTI  - One\n  goes on\nER  -\n", ["One goes on"], ""),
        ("PMID- 1\nTI  - One\nnonsense\n\nPMID- 2\nTI  - Two\n", ["Two"], "line 3 without a tag"),
        ("TI  - One\n\nPMID- 2\nTI  - Two\n", ["Two"], "the tag TI before PMID"),
    ],
)
def test_a_broken_record_is_kept_apart(content: str, good: list[str], said: str) -> None:
    found = read(content)
    assert [one.title for one in found.records] == good
    assert said in " ".join(str(fault) for one in found.quarantined for fault in one.faults)
    assert bool(found.quarantined) is bool(said)


def test_a_field_that_cannot_be_read_is_left_out_and_told() -> None:
    found = read("TY  - JOUR\nTI  - One\nDO  - nonsense\nPY  - soon\nER  - \n")
    assert (found.records[0].dois, found.records[0].year) == ((), None)
    assert [fault.where for fault in found.remarks] == ["f, record 1, line 1, DOI", "f, record 1, line 1, year"]


@pytest.mark.parametrize(
    ("fields", "pmids", "ncts"),
    [
        ("AN  - 999999901\nDB  - PubMed", ("999999901",), ()),
        ("AN  - 999999901\nDB  - Embase", (), ()),
        ("AN  - NCT99999901", (), ("NCT99999901",)),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/999999901/", ("999999901",), ()),
        ("UR  - https://clinicaltrials.gov/study/NCT99999901", (), ("NCT99999901",)),
        ("AB  - see NCT99999901", (), ()),
    ],
)
def test_only_ids_of_the_record_itself_are_taken_from_ris(
    fields: str, pmids: tuple[str, ...], ncts: tuple[str, ...]
) -> None:
    one = read(f"TY  - JOUR\nTI  - One\n{fields}\nER  - \n").records[0]
    assert (one.pmids, one.ncts) == (pmids, ncts)


def test_ids_and_words() -> None:
    assert doi_of("https://doi.org/10.5555/A.b.") == doi_of("doi: 10.5555/a.B") == "10.5555/a.b"
    assert doi_of("10.5555/a b") is None
    assert (pmid_of("٣"), pmid_of("0"), pmid_of(" 12 ")) == (None, None, "12")
    assert (nct_of("nct12345678"), nct_of("NCT1234567")) == ("NCT12345678", None)
    assert (year_of("2019 Mar"), year_of("20191"), year_of("1998 Dec-1999 Jan")) == (2019, None, 1998)
    assert cleaned("a\x1b[31m <sup>2</sup>\u202e b\xad c < d") == "a [31m 2 b c < d"


@pytest.mark.parametrize("kind", FILES)
def test_mutated_files_are_read_or_refused(kind: str) -> None:
    rng = random.Random(kind)  # noqa: S311 - repeatable, not secret
    outcomes = set()
    for _ in range(250):
        changed = bytearray(FILES[kind])
        for _ in range(rng.randint(1, 6)):
            place = rng.randrange(len(changed))
            act = rng.randrange(4)
            if act == 0:
                changed[place] = rng.randrange(256)
            elif act == 1:
                del changed[place : place + rng.randint(1, 80)]
            elif act == 2:
                changed[place:place] = rng.choice(
                    [b"\x00", b"]]>", b"&x;", b"\nER  - \n", b"\nTY  - JOUR\n", b'"', b"9" * 99]
                )
            else:
                other = rng.randrange(len(changed))
                changed[place:place] = changed[other : other + 60]
        try:
            found = read_records(bytes(changed), "mutant")
            outcomes.add("read")
            assert found.records or found.quarantined
            assert all(one.title == cleaned(one.title) != "" for one in found.records)
            entries = with_search((), found.records).entries
            # Whatever was read can be queued, read back, and found again.
            if entries:
                back = read_queue(queue_text(entries).encode(), "queue.csv")
                assert with_search(back, found.records).added == ()
        except BadInput as error:
            assert error.faults  # noqa: PT017 - both ends are good; nothing else may be raised
            outcomes.add("refused")
    assert "read" in outcomes
