"""Invented records, in every format that is read."""

from __future__ import annotations

from pathlib import Path

from ivigil.literature.record import Record

EXAMPLES = Path(__file__).parents[3] / "examples" / "evidence"

MEDLINE = b"""PMID- 999999901
TI  - Example study A: an invented trial of intravenous immunoglobulin against
      placebo.
LID - 10.5555/example.a [doi]
LID - S0000-0000(00)00000-0 [pii]
AB  - Invented record.
FAU - Example, Ada
AU  - Example A
LA  - eng
SI  - ClinicalTrials.gov/NCT99999901
PT  - Journal Article
DP  - 2019 Mar
JT  - Invented Journal of Examples

PMID- 999999904
TI  - Example study D: invented
DP  - Winter 2021
"""


def record(title: str = "Example study A: an invented trial", **fields: object) -> Record:
    given: dict[str, object] = {"source": "RIS", "place": "made.ris, record 1", "title": title, **fields}
    return Record(**given)  # type: ignore[arg-type]


def example(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()
