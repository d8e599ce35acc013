"""Reading a picture of evidence as a browser would: its texts with their boxes, its numbers, what it may not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

from ivigil.explain.forest import ForestContent
from ivigil.explain.layout import Table
from ivigil.explain.plot_text import Words, overlap
from ivigil.synthesis.effects import effects_of
from ivigil.synthesis.options import Options
from ivigil.synthesis.pool import pool
from ivigil.synthesis.results import Effects, Pooled
from ivigil.synthesis.rows import StudyData, TwoByTwo
from ivigil.synthesis.study_lines import lines_of

SVG = "{http://www.w3.org/2000/svg}"
# A number as a picture writes it, with its sign and a power of ten.
NUMBER = re.compile(r"−?\d[\d.,]*\d|−?\d")
# Two boxes that share less than this do not cover each other; coordinates are written to a tenth.
TOUCHING = 0.2

# Coronary abnormalities as both abstracts count them: Furusho 1984 (PubMed 6209513), Newburger 1986 at two weeks.
KAWASAKI = (TwoByTwo("Furusho 1984", 6, 40, 19, 45), TwoByTwo("Newburger 1986", 6, 75, 18, 78))
# Made up: an ordinary study, one without events, one with an empty cell, and a long name.
MIXED = (
    TwoByTwo("Alpha 2001", 12, 40, 22, 41),
    TwoByTwo("Beta 2004", 1, 30, 0, 29),
    TwoByTwo("Gamma and the collaborators of the multicentre trial of a very long name 2009", 9, 60, 14, 58),
    TwoByTwo("Delta 2011", 2, 12, 5, 13),
)


@dataclass(frozen=True)
class Case:
    """An analysis and its forest plot."""

    content: ForestContent
    effects: Effects
    pooled: Pooled


def case(rows: tuple[StudyData, ...] = KAWASAKI, measure: str = "RR", options: Options | None = None) -> Case:
    """The analysis of ``rows`` and its forest plot."""
    options = options or Options()
    effects = effects_of(measure, rows, options.zero_cells)
    pooled = pool(effects, options)
    content = ForestContent(
        "Kawasaki disease",
        "Coronary abnormality",
        "IVIG",
        "Aspirin",
        "Favours IVIG",
        "Favours aspirin",
        lines_of(effects, pooled),
        pooled,
    )
    return Case(content, effects, pooled)


def read(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - made here


def texts(svg: str) -> list[Words]:
    """Every text of the picture with its place, size and weight."""
    return [_words(one) for one in read(svg).iter(f"{SVG}text")]


def _words(one: ET.Element) -> Words:
    anchor = one.get("text-anchor", "start")
    return Words(
        float(one.attrib["x"]),
        float(one.attrib["y"]),
        "".join(one.itertext()),
        "start" if anchor == "start" else "end" if anchor == "end" else "middle",
        float(one.attrib["font-size"]),
        bold=one.get("font-weight") == "600",
        kind=(one.get("class") or "").removeprefix("plot-") or None,
    )


def written(svg: str) -> str:
    """All words of the picture in their order, with a space where a line breaks."""
    return " ".join(one.text.replace("\u00a0", " ") for one in texts(svg))


def covered(svg: str) -> list[tuple[str, str]]:
    """Pairs of texts that cover each other."""
    boxes = [(one.text, _inner(one)) for one in texts(svg)]
    return [(one, other) for (one, box), (other, near) in combinations(boxes, 2) if overlap(box, near)]


def _inner(one: Words) -> tuple[float, float, float, float]:
    left, top, right, bottom = one.box
    return left + TOUCHING, top + TOUCHING, right - TOUCHING, bottom - TOUCHING


def outside(svg: str) -> list[str]:
    """Texts that leave the picture."""
    _, _, width, height = map(float, read(svg).attrib["viewBox"].split())
    return [one.text for one in texts(svg) if not _within(one.box, width + TOUCHING, height + TOUCHING)]


def _within(box: tuple[float, float, float, float], width: float, height: float) -> bool:
    return box[0] >= -TOUCHING and box[1] >= -TOUCHING and box[2] <= width and box[3] <= height


def numbers_untold(svg: str, table: Table) -> set[str]:
    """Numbers of the picture that are not in the table, less the marks of axes and the small print."""
    told = set(NUMBER.findall(" ".join([*table.columns, *(cell for row in table.rows for cell in row)])))
    drawn = " ".join(one.text for one in texts(svg) if one.kind not in {"tick", "fine"})
    return set(NUMBER.findall(drawn.replace("\u00a0", " "))) - told


def is_inert(svg: str) -> bool:
    """Whether nothing in it runs, links or asks elsewhere."""
    root = read(svg)
    tags = {one.tag.removeprefix(SVG) for one in root.iter()}
    names = {name for one in root.iter() for name in one.attrib}
    runs = {name for name in names if "href" in name or name.startswith("on") or name == "style"}
    return tags <= {"svg", "title", "desc", "text", "path", "rect", "circle", "g"} and not runs


def arrows(svg: str) -> int:
    return sum(one.get("class") == "plot-arrow" for one in read(svg).iter(f"{SVG}path"))
