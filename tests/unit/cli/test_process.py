"""The command as a process: streams, pipes, and what it loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "ivigil"]
DAY = ["--today", "2026-11-20"]
GBS = '{"request": {"indication": "guillain-barre", "request_phase": "initial"}, "facts": {"days_since_onset": "6 d"}}'
HEAVY = [
    "lark",
    "pydantic",
    "pydantic_core",
    "yaml",
    "rich",
    "scipy",
    "polars",
    "duckdb",
    "numpy",
    "importlib.metadata",
]


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "good.json"
    path.write_text(GBS, encoding="utf-8")
    return str(path)


def ivigil(*arguments: str, given: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, **environment}
    return subprocess.run([*COMMAND, *arguments], input=given, capture_output=True, check=False, env=env)


def loaded(code: str) -> set[str]:
    """Which heavy libraries a process has loaded after ``code``."""
    script = f"{code}\nimport sys, json\nsys.stderr.write(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return set(json.loads(done.stderr)) & set(HEAVY)


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded("import ivigil") == set()


def test_an_answer_in_json_loads_nothing_heavy(good: str) -> None:
    code = f"from ivigil.cli.app import run\nassert run(['review', {good!r}, '--json', '--today', '2026-11-20']) == 0"
    assert loaded(code) == set()


def test_what_is_loaded_is_seen() -> None:
    """The check above would notice: YAML input reads yaml."""
    assert "yaml" in loaded("from ivigil.documents import parse_yaml\nparse_yaml(b'a: 1', 'x')")


def test_standard_input() -> None:
    done = ivigil("review", "-", "--json", *DAY, given=GBS.encode())
    assert done.returncode == 0
    read = json.loads(done.stdout)
    assert (read["case"], read["verdict"]) == ("standard input", "supported")


@pytest.mark.parametrize("given", [b"", b"\xff\xfe", b"{", b'{"facts": {"x": "\\ud800"}}', b"[]"])
def test_standard_input_that_is_no_document(given: bytes) -> None:
    done = ivigil("review", "-", *DAY, given=given)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"ivigil: 1 fault in what was given:\n  standard input")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("form", [["--json"], [], ["--html", "out.html"]], ids=["json", "terminal", "html"])
def test_names_that_no_encoding_holds_do_not_crash_the_output(form: list[str], tmp_path: Path) -> None:
    name = os.fsdecode(b"case-\xff.json")
    try:
        (tmp_path / name).write_text(GBS, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only names in Unicode")
    command = [*COMMAND, "review", name, *form, *DAY]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\udcff" in done.stdout
    if form[:1] == ["--html"]:
        assert "\\udcff" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_output_is_utf_8_whatever_the_locale(good: str) -> None:
    done = ivigil("review", good, *DAY, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "Guillain–Barré" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", [["cite", "qin-2010"], ["review"], ["review", "--json"]], ids=" ".join)
def test_a_reader_who_goes_away_is_no_fault(good: str, command: list[str], unbuffered: str) -> None:
    """As in ``ivigil … | head -0``: the reading end is closed before anything is written, be it little or much."""
    reading, writing = os.pipe()
    os.close(reading)
    given = [*([good] * 30), *DAY] if "review" in command else []
    try:
        env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        done = subprocess.run(
            [*COMMAND, *command, *given], stdout=writing, stderr=subprocess.PIPE, check=False, env=env
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_wrong_use_in_a_process() -> None:
    done = ivigil("review", "absent.json", *DAY)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr
