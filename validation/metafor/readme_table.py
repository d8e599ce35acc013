"""Writes the table of data sets in the README of this folder: what each holds, and how its figures were read.

    python validation/metafor/readme_table.py

The table stands between two comments; the test suite fails where it is not the one that the data files give.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from datasets import DataSet, data_sets

from ivigil.documents import BadInput, Fault, write_whole

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- table of data sets -->", "<!-- end of the table -->"


def main() -> int:
    """Writes the README anew with the table of the data files as they stand."""
    write_whole(README, with_table(README.read_text(encoding="utf-8"), table(data_sets())))
    return 0


def with_table(text: str, written: str) -> str:
    """The text with ``written`` between the two comments. ``BadInput`` where one of them does not stand there once."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise BadInput([Fault(README.name, "no place for the table", f"{BEGIN} and {END}, once each")])
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    return f"{before}{BEGIN}{written}{END}{after}"


def table(sets: Iterable[DataSet]) -> str:
    """The published data sets as a table in Markdown: the primary ones first, each part by id."""
    published = sorted((one for one in sets if not one.is_synthetic), key=lambda one: (not one.is_primary, one.id))
    head = ["| data set | kind | studies | figures read in | primary |", "|---|---|---|---|---|"]
    return "\n".join(["", "", *head, *(_row(one) for one in published), "", ""])


def _row(data: DataSet) -> str:
    read = sorted({f"{source.origin}, {source.text}" for source in data.sources})
    cells = [f"`{data.id}`", data.kind, str(len(data.table)), "; ".join(read), "yes" if data.is_primary else "no"]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
