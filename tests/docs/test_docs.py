"""Every code block of the documentation is run, in the order in which a page gives them.

``yaml file=NAME`` blocks become files, and ``diff file=NAME`` blocks change a line of one; lines of ``console`` blocks
that begin with ``$`` are run, and what the block prints below a command must be what the command prints, where ``…``
stands for anything; with ``exit=2`` they must fail, and print on standard error; ``python`` blocks are executed.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivigil.cli.app import run

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").rglob("*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SET_UP = "python3 start.py"
LEFT_OUT = "…"
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


def is_shown(shown: str, printed: str) -> bool:
    """Whether a page shows what a command printed: line for line, ``…`` standing for what the page leaves out."""
    wanted, given = ("\n".join(line.rstrip() for line in text.strip().splitlines()) for text in (shown, printed))
    pattern = ".*".join(re.escape(part) for part in wanted.split(LEFT_OUT))
    return re.fullmatch(pattern, given, re.DOTALL) is not None


def changed(text: str, difference: str) -> str:
    """``text`` with the lines marked ``-`` replaced, where they stand, by those marked ``+``."""
    old, new = ("".join(f"{line[1:]}\n" for line in difference.splitlines() if line.startswith(sign)) for sign in "-+")
    assert text.count(old) == 1, f"{old!r} is not there once"
    return text.replace(old, new)


def run_console(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command of the block ends as the block says and prints what is shown."""
    for command, shown in commands(block.body):
        given = arguments(command)
        if given is None:
            continue
        code = run(given)
        printed = capsys.readouterr()
        assert code == int(block.options.get("exit", "0")), printed.err
        if shown.strip():
            assert is_shown(shown, printed.out + printed.err), f"{command} printed:\n{printed.out}{printed.err}"


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
            is_change = block.language == "diff"
            content = changed(target.read_text(encoding="utf-8"), block.body) if is_change else block.body
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
        elif block.language == "console":
            run_console(block, capsys)
        elif block.language == "python":
            exec(compile(block.body, str(page), "exec"), {})  # noqa: S102 - the project's own documentation


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.name)
def test_a_tutorial_can_be_followed_from_start_to_end(page: Path) -> None:
    """Nothing to type escapes the test above, and the reader sees what a step brings."""
    given = blocks(page)
    for block in given:
        assert block.language in {"console", "text"} or "file" in block.options, block
    typed = [one for block in given if block.language == "console" for one in commands(block.body)]
    assert all(arguments(command) for command, _ in typed)
    assert any(shown.strip() for _, shown in typed)


@pytest.mark.parametrize(
    ("shown", "printed", "answer"),
    [
        ("one\ntwo\n", "one  \ntwo\n\n", True),
        ("one\n…\nfour\n", "one\ntwo\nthree\nfour\n", True),
        ("one\n…\n", "one\ntwo\n", True),
        ("one\n", "one\ntwo\n", False),
        ("one\n…\nthree\n", "one\ntwo\nthree\nfour\n", False),
        ("one.two\n", "one two\n", False),
    ],
)
def test_output_is_what_a_page_shows(shown: str, printed: str, answer: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_shown(shown, printed) is answer


def test_a_change_needs_its_line() -> None:
    assert changed("a: 1\nb: 2\n", "-b: 2\n+b: 3\n") == "a: 1\nb: 3\n"
    with pytest.raises(AssertionError, match="not there once"):
        changed("a: 1\n", "-b: 2\n+b: 3\n")


def test_every_page_is_looked_at() -> None:
    names = {page.relative_to(ROOT).as_posix() for page in PAGES}
    assert {"README.md", "CONTRIBUTING.md", "docs/reference/rules.md", "docs/reference/json.md"} <= names
    assert {"docs/how-to/own-rules.md", "docs/tutorials/own-rules.md"} <= names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|doi:)([^)#\s]+)", text):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
