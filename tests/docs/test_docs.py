"""Every code block of the documentation is run, in the order in which a page gives them.

``yaml file=NAME`` blocks become files; lines of ``console`` blocks that begin with ``$`` are run, and what the block
prints below a command must be what the command prints; ``python`` blocks are executed.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivigil.cli.app import run

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SET_UP = "python3 start.py"
FIRST = ["review", "examples/first.json", "--today", "2026-11-20"]


@dataclass(frozen=True)
class Block:
    """A fenced code block: its language, its options, its text."""

    language: str
    options: dict[str, str]
    body: str


def blocks(page: Path) -> list[Block]:
    found = []
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        language, *rest = match["info"].split() or [""]
        found.append(Block(language, dict(part.split("=", 1) for part in rest), match["body"]))
    return found


def arguments(command: str) -> list[str] | None:
    """What a documented command asks ``ivigil`` to do; ``None`` for the commands that set the project up or test it."""
    if command in {f"{SET_UP} test", "bash .ci/run", "git clone"} or not command.startswith((SET_UP, "ivigil")):
        return None
    words = shlex.split(command.removeprefix(SET_UP).removeprefix("ivigil"))
    return words or (FIRST if command == SET_UP else words)


def commands(body: str) -> list[tuple[str, str]]:
    """Each command of a console block with the output shown for it."""
    found: list[tuple[str, str]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:].strip(), ""))
        elif found:
            command, shown = found[-1]
            found[-1] = (command, f"{shown}{line}\n")
    return found


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page)], ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_code_blocks_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("examples", "tests"):
        (tmp_path / name).symlink_to(ROOT / name, target_is_directory=True)
    for block in blocks(page):
        if "file" in block.options:
            target = tmp_path / block.options["file"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.language == "console":
            for command, shown in commands(block.body):
                given = arguments(command)
                if given is None:
                    continue
                assert run(given) == 0, capsys.readouterr().err
                printed = capsys.readouterr().out
                if shown.strip():
                    assert shown.strip() == printed.strip()
        elif block.language == "python":
            exec(compile(block.body, str(page), "exec"), {})  # noqa: S102 - the project's own documentation


def test_every_page_is_looked_at() -> None:
    names = {page.name for page in PAGES}
    assert {"README.md", "CONTRIBUTING.md", "own-rules.md", "rules.md", "json.md"} <= names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|doi:)([^)#\s]+)", text):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
