"""A search on record becomes the text that a database takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ivigil.documents import BadInput
from ivigil.knowledge.records import Indication, Passage
from ivigil.knowledge.search_records import SearchPart, SearchQuery
from ivigil.literature.search import names_of, search_of

QUERY = SearchQuery(
    id="example",
    title="Example search",
    version="3",
    passage=Passage("example", "box"),
    databases=("MEDLINE",),
    parts=(SearchPart(("immunoglobulins, intravenous",), "mesh"), SearchPart(("a", 'b "c"'), "title")),
    per_indication=True,
    from_year=1980,
    until=date(2015, 1, 31),
    languages=("English", "French"),
)
DISEASE = Indication(
    "example", "example disease", "none", synonyms=("Example Disease", "exemplosis"), abbreviations=("ED",)
)


def test_the_query_of_pubmed() -> None:
    assert search_of(QUERY, DISEASE).pubmed == (
        '("immunoglobulins, intravenous"[MeSH Terms]) AND ("a"[Title] OR "b c"[Title])'
        ' AND ("example disease" OR "exemplosis" OR "ED")'
        ' AND ("1980"[Date - Publication] : "2015/01/31"[Date - Publication])'
        ' AND ("english"[Language] OR "french"[Language])'
    )


def test_the_lines_of_the_cochrane_library_and_what_they_cannot_say() -> None:
    found = search_of(QUERY, DISEASE)
    assert found.cochrane.splitlines() == [
        '#1 [mh "immunoglobulins, intravenous"]',
        '#2 "a":ti OR "b c":ti',
        '#3 "example disease":ti,ab,kw OR "exemplosis":ti,ab,kw OR "ED":ti,ab,kw',
        "#4 #1 AND #2 AND #3",
    ]
    assert any("from 1980, until 2015-01-31, languages English, French" in one for one in found.remarks)
    assert found.version == "3"


def test_without_limits_there_are_none() -> None:
    bare = replace(QUERY, from_year=None, until=None, languages=(), per_indication=False, parts=QUERY.parts[:1])
    found = search_of(bare)
    assert found.pubmed == '("immunoglobulins, intravenous"[MeSH Terms])'
    assert found.cochrane == '#1 [mh "immunoglobulins, intravenous"]'


def test_an_indication_is_given_where_and_only_where_it_is_part() -> None:
    with pytest.raises(BadInput, match="no indication"):
        search_of(QUERY)
    with pytest.raises(BadInput, match="the same for all"):
        search_of(replace(QUERY, per_indication=False), DISEASE)


def test_each_name_stands_once() -> None:
    assert names_of(DISEASE) == ("example disease", "exemplosis", "ED")
