"""The HTML page: self-contained, well-formed, inert to what patients' records hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.unit.explain.shown import SCRIPT, decisions

from ivigil.explain.answer import answer
from ivigil.explain.layout import Answer, Row, Section
from ivigil.explain.page import page

VOID = frozenset({"meta", "br", "hr", "link", "img", "input"})
DECISIONS = decisions()
ANSWERS = [answer(decision) for decision in DECISIONS.values()]


class Reader(HTMLParser):
    """Reads a page and notes elements, attributes, text, and every end tag that does not fit."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.misnested: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


@pytest.fixture(scope="module")
def whole() -> Reader:
    return Reader(page(ANSWERS))


def test_it_is_well_formed(whole: Reader) -> None:
    assert whole.misnested == []
    assert whole.open == []
    assert page(ANSWERS).startswith("<!DOCTYPE html>\n")


def test_it_says_its_language_title_and_encoding(whole: Reader) -> None:
    found = dict(whole.elements[::-1])
    assert found["html"]["lang"] == "en-GB"
    assert "ivigil" in "".join(whole.text)
    assert whole.count("title") == 1
    assert any(attributes.get("charset") == "utf-8" for tag, attributes in whole.elements if tag == "meta")


def test_there_is_one_heading_per_answer(whole: Reader) -> None:
    assert whole.count("h1") == whole.count("article") == len(ANSWERS)
    ids = [attributes["id"] for tag, attributes in whole.elements if tag == "h1"]
    assert len(set(ids)) == len(ids)
    labels = [attributes["aria-labelledby"] for tag, attributes in whole.elements if tag == "article"]
    assert labels == ids


def test_nothing_is_asked_of_elsewhere(whole: Reader) -> None:
    fetching = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video", "source", "svg"}
    assert not fetching & {tag for tag, _ in whole.elements}
    for _, attributes in whole.elements:
        assert not {"src", "href", "srcset", "action", "background", "style", "data", "poster"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    style = re.search(r"<style>(.*?)</style>", page(ANSWERS), re.DOTALL)
    assert style
    assert not re.search(r"url\(|@import|expression", style[1])
    policies = [attributes.get("content") for _, attributes in whole.elements if "http-equiv" in attributes]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_what_a_record_holds_is_inert(whole: Reader) -> None:
    text = page(ANSWERS)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert SCRIPT in "".join(whole.text)


@pytest.mark.parametrize(
    "hostile", ['"><script>x</script>', "</style><script>x</script>", "</title>", "<!--", "&amp;", "\x00"]
)
def test_any_text_anywhere_is_escaped(hostile: str) -> None:
    row = Row(hostile, hostile, (hostile,), (Row(hostile, hostile, (hostile,)),))
    sections = (Section(hostile, (row,)), Section(hostile, (row,), folded=True))
    made = Answer("supported", hostile, hostile, hostile, hostile, sections, (hostile,))
    read = Reader(page([made], hostile))
    assert read.misnested == []
    assert read.open == []
    assert "script" not in {tag for tag, _ in read.elements}
    assert "".join(read.text).count(hostile.replace("\x00", " ")) >= 10


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_every_section_and_row_is_on_the_page(name: str) -> None:
    shown = answer(DECISIONS[name])
    text = "".join(Reader(page([shown])).text)
    assert shown.reason in text
    assert shown.subject in text
    assert shown.verdict_words in text
    for section in shown.sections:
        assert section.title in text
        for row in section.rows:
            assert row.text in text
            assert all(detail in text for detail in row.details)
    assert all(line in text for line in shown.footer)


def test_the_verdict_is_said_in_words_and_marked(whole: Reader) -> None:
    classes = [attributes["class"] for tag, attributes in whole.elements if tag == "header"]
    assert classes == [f"verdict {decision.verdict}" for decision in DECISIONS.values()]
