"""start.py: which words it says, what it would run, and when it believes an environment to be ready."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

START = Path(__file__).parents[2] / "start.py"
OLD_PYTHONS = ("3.6", "3.7", "3.8", "3.9", "3.10")


@pytest.fixture
def start() -> ModuleType:
    """start.py as a fresh module, so that a test may change what is in it."""
    spec = importlib.util.spec_from_file_location("start", START)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path, start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that an environment depends on; start.py believes that it lies there."""
    for name in start.FINGERPRINTED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("content of " + name, encoding="utf-8")
    monkeypatch.setattr(start, "ROOT", str(tmp_path))
    return tmp_path


@pytest.fixture
def place(start: ModuleType, checkout: Path) -> SimpleNamespace:
    return start.Place(str(checkout))  # type: ignore[no-any-return]  # the module is loaded by path


@pytest.fixture
def handed_over(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str | None]]:
    """What start.py would have become, in order."""
    seen: list[tuple[list[str], str | None]] = []

    def hand_over(command: list[str], folder: str | None) -> int:
        seen.append((command, folder))
        return 0

    monkeypatch.setattr(start, "hand_over", hand_over)
    return seen


@pytest.fixture
def ran(start: ModuleType, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of a set-up, in order; none is run, but what they would leave behind is there."""
    seen: list[list[str]] = []

    def exit_code(_place: object, command: list[str], _log: object) -> int:
        seen.append(command)
        for program in (place.python, place.ivigil):
            Path(program).parent.mkdir(parents=True, exist_ok=True)
            Path(program).touch()
        return 0

    monkeypatch.setattr(start, "exit_code", exit_code)
    return seen


def without_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def with_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/somewhere/" + name)


def make_ready(start: ModuleType, place: SimpleNamespace, level: str) -> None:
    """Leave behind what a finished set-up leaves."""
    for program in (place.python, place.ivigil):
        Path(program).parent.mkdir(parents=True, exist_ok=True)
        Path(program).touch()
    start.write_stamp(place, start.fingerprint(place), level)


def is_ready(start: ModuleType, place: SimpleNamespace, level: str) -> bool:
    return bool(start.is_ready(place, start.fingerprint(place), level))


# ---- an old Python


def old_pythons() -> Iterator[str]:
    """The older interpreters on this machine that do run (a shim on the PATH may not)."""
    for version in OLD_PYTHONS:
        python = shutil.which("python" + version)
        if python and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            yield python


def assert_one_sentence_about_the_version(said: str) -> None:
    assert said.count("\n") == 1
    assert "ivigil needs 3.11 or newer" in said
    assert "python3.11 start.py" in said


def test_an_old_python_is_told_what_to_do(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))

    assert start.main(["review"]) == 2

    assert_one_sentence_about_the_version(capsys.readouterr().err)


def test_an_old_interpreter_parses_the_file_and_says_the_same() -> None:
    pythons = list(old_pythons())
    if not pythons:
        pytest.skip("no Python older than 3.11 on the PATH")
    for python in pythons:
        done = subprocess.run([python, str(START)], capture_output=True, text=True, check=False)

        assert (done.returncode, done.stdout) == (2, ""), python
        assert_one_sentence_about_the_version(done.stderr)


def test_the_oldest_python_that_ivigil_allows_is_let_through(start: ModuleType) -> None:
    start.demand_python((3, 11, 0))
    with pytest.raises(start.CannotStartError):
        start.demand_python((3, 10, 99))


def test_the_oldest_python_is_that_of_the_project(start: ModuleType) -> None:
    needed = ".".join(map(str, start.OLDEST_PYTHON))
    assert f'requires-python = ">={needed}"' in (START.parent / "pyproject.toml").read_text(encoding="utf-8")


# ---- what is asked for


def test_no_argument_decides_the_first_example_at_the_root(start: ModuleType, place: SimpleNamespace) -> None:
    level, command, folder = start.route(place, [])

    assert (level, folder) == ("runtime", place.root)
    assert command[-4:] == ["review", str(Path("examples", "first.json")), "--today", "2026-11-20"]
    assert place.ivigil in command


def test_test_runs_pytest_at_the_root_with_the_callers_arguments_last(
    start: ModuleType, place: SimpleNamespace
) -> None:
    level, command, folder = start.route(place, ["test", "-k", "dose", "-n", "0"])

    assert (level, folder) == ("dev", place.root)
    assert command == [place.python, "-m", "pytest", "-n", "2", "-k", "dose", "-n", "0"]


@pytest.mark.parametrize("arguments", [["--help"], ["review", "a b.json"], ["review", "test"], [""]])
def test_anything_else_goes_to_ivigil_where_the_caller_is(
    start: ModuleType, place: SimpleNamespace, arguments: list[str]
) -> None:
    level, command, folder = start.route(place, arguments)

    assert (level, folder) == ("runtime", None)
    assert command == [*start.ivigil_command(place), *arguments]


# ---- the stamp


def test_nothing_is_ready_in_a_fresh_checkout(start: ModuleType, place: SimpleNamespace) -> None:
    assert not is_ready(start, place, "runtime")


@pytest.mark.parametrize(
    ("holds", "level", "ready"),
    [
        ("runtime", "runtime", True),
        ("runtime", "dev", False),
        ("dev", "runtime", True),
        ("dev", "dev", True),
    ],
)
def test_ready_means_that_it_holds_enough(
    start: ModuleType, place: SimpleNamespace, holds: str, level: str, *, ready: bool
) -> None:
    make_ready(start, place, holds)

    assert is_ready(start, place, level) is ready


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements/runtime.lock", "requirements/dev.lock"])
def test_a_change_in_what_names_the_packages_ends_readiness(
    start: ModuleType, place: SimpleNamespace, checkout: Path, name: str
) -> None:
    make_ready(start, place, "dev")
    (checkout / name).write_text("something else", encoding="utf-8")

    assert not is_ready(start, place, "runtime")


def test_another_python_ends_readiness(
    start: ModuleType, place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready(start, place, "dev")
    monkeypatch.setattr(sys, "version_info", (3, 99, 0, "final", 0))

    assert not is_ready(start, place, "runtime")


def test_a_moved_or_copied_checkout_is_not_ready(start: ModuleType, place: SimpleNamespace, checkout: Path) -> None:
    make_ready(start, place, "dev")
    copy = checkout / "copy"
    shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns("copy"))

    assert not is_ready(start, start.Place(str(copy)), "runtime")


@pytest.mark.parametrize("program", ["python", "ivigil"])
def test_a_missing_program_ends_readiness(start: ModuleType, place: SimpleNamespace, program: str) -> None:
    make_ready(start, place, "dev")
    Path(getattr(place, program)).unlink()

    assert not is_ready(start, place, "runtime")


@pytest.mark.parametrize("stamp", ["", "unfinished nothing\n", "abc", "a b c"])
def test_a_stamp_that_says_less_is_no_stamp(start: ModuleType, place: SimpleNamespace, stamp: str) -> None:
    make_ready(start, place, "dev")
    Path(place.stamp).write_text(stamp, encoding="ascii")

    assert not is_ready(start, place, "runtime")


def test_a_checkout_without_a_lock_is_called_incomplete(
    start: ModuleType, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "requirements" / "dev.lock").unlink()

    assert start.main([]) == 2
    assert "requirements/dev.lock cannot be read" in capsys.readouterr().err


# ---- setting up


@pytest.mark.usefixtures("checkout")
def test_a_ready_environment_is_handed_over_to_without_a_word_or_a_write(
    start: ModuleType,
    place: SimpleNamespace,
    handed_over: list[tuple[list[str], str | None]],
    ran: list[list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_ready(start, place, "runtime")

    assert start.main(["review", "x"]) == 0

    assert handed_over == [([*start.ivigil_command(place), "review", "x"], None)]
    assert ran == []
    assert capsys.readouterr() == ("", "")
    assert not Path(place.lock).exists()


@pytest.mark.usefixtures("handed_over")
def test_the_first_start_installs_the_locked_packages_with_hashes(
    start: ModuleType,
    place: SimpleNamespace,
    ran: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    without_uv(monkeypatch)

    assert start.main([]) == 0

    packages, itself = ran[-2:]
    assert packages[-3:] == [
        "--require-hashes",
        "-r",
        str(Path(place.root, "requirements", "runtime.lock")),
    ]
    assert itself[-4:] == ["--no-build-isolation", "--no-deps", "-e", place.root]
    assert is_ready(start, place, "runtime")
    assert not is_ready(start, place, "dev")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == len(ran)


@pytest.mark.usefixtures("handed_over")
def test_uv_is_used_where_it_is_on_the_path(
    start: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_uv(monkeypatch)

    start.main([])

    assert {command[0] for command in ran} == {"/somewhere/uv"}


@pytest.mark.usefixtures("handed_over")
def test_pip_takes_over_when_uv_fails(
    start: ModuleType, place: SimpleNamespace, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_uv(monkeypatch)
    succeed = start.exit_code
    monkeypatch.setattr(
        start,
        "exit_code",
        lambda place, command, log: succeed(place, command, log) or int(command[0] == "/somewhere/uv"),
    )

    assert start.main([]) == 0

    assert ran[0][0] == "/somewhere/uv"
    assert ran[-1][:3] == [place.python, "-m", "pip"]
    assert is_ready(start, place, "runtime")


@pytest.mark.usefixtures("handed_over")
def test_test_adds_to_a_sound_environment_without_making_it_anew(
    start: ModuleType, place: SimpleNamespace, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_uv(monkeypatch)
    make_ready(start, place, "runtime")
    mine = Path(place.venv, "mine")
    mine.touch()

    assert start.main(["test"]) == 0

    assert [command[-1] for command in ran] == [str(Path(place.root, "requirements", "dev.lock"))]
    assert mine.exists()
    assert is_ready(start, place, "dev")


@pytest.mark.usefixtures("handed_over", "ran")
def test_an_environment_made_anew_keeps_its_level(
    start: ModuleType, place: SimpleNamespace, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_uv(monkeypatch)
    make_ready(start, place, "dev")
    (checkout / "pyproject.toml").write_text("something else", encoding="utf-8")

    assert start.main([]) == 0
    assert is_ready(start, place, "dev")


@pytest.mark.usefixtures("handed_over", "ran")
@pytest.mark.parametrize("left", [[], ["ivigil-stamp", "lib"], ["pyvenv.cfg", "bin"]])
def test_a_half_made_environment_is_made_anew(
    start: ModuleType, place: SimpleNamespace, left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_uv(monkeypatch)
    for name in ["", *left]:
        Path(place.venv, name).mkdir()

    assert start.main([]) == 0
    assert is_ready(start, place, "runtime")
    assert not Path(place.venv, "pyvenv.cfg").exists()
    assert not Path(place.old).exists()


@pytest.mark.parametrize("uv", [with_uv, without_uv])
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_no_environment_is_left_alone(
    start: ModuleType,
    place: SimpleNamespace,
    ran: list[list[str]],
    checkout: Path,
    kind: str,
    uv: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert callable(uv)
    uv(monkeypatch)
    venv = Path(place.venv)
    if kind == "file":
        venv.touch()
    elif kind == "folder":
        (venv / "mine").mkdir(parents=True)
    else:
        venv.symlink_to(checkout / "requirements")

    assert start.main([]) == 2

    assert ran == []
    assert os.path.lexists(venv)
    assert "is not a virtual environment: move it elsewhere" in capsys.readouterr().err


def test_a_python_without_ensurepip_is_told_the_package(
    start: ModuleType,
    place: SimpleNamespace,
    ran: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    without_uv(monkeypatch)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())

    assert start.main([]) == 2

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "apt install python{}.{}-venv".format(*sys.version_info[:2]) in said
    assert ran == []
    assert not Path(place.venv).exists()


def test_a_folder_that_cannot_be_written_is_named(
    start: ModuleType,
    place: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(_place: object, _wanted: str, _level: str) -> None:
        raise PermissionError(13, "Permission denied", place.venv)

    monkeypatch.setattr(start, "set_up", refuse)

    assert start.main([]) == 2
    assert f"{place.venv} cannot be written (Permission denied)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("Temporary failure in name resolution", "check the network"),
        ("error: Failed to fetch: dns error", "check the network"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "differs from the locked one"),
        ("something unheard of", "find the reason in"),
    ],
)
def test_a_failed_step_ends_in_one_sentence_and_without_a_stamp(
    start: ModuleType,
    place: SimpleNamespace,
    log: str,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    without_uv(monkeypatch)

    def fail(place: SimpleNamespace, _command: object, _log: object) -> int:
        Path(place.log).write_text(log, encoding="utf-8")
        return 1

    monkeypatch.setattr(start, "exit_code", fail)

    assert start.main([]) == 2

    assert sentence in capsys.readouterr().err.splitlines()[-1]
    assert start.read_stamp(place) == ("unfinished", "nothing")


def test_an_interrupt_is_no_traceback(
    start: ModuleType,
    place: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    without_uv(monkeypatch)
    monkeypatch.setattr(start, "exit_code", interrupt)

    assert start.main([]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "ivigil: stopped; to go on, run the same command again."
    assert not is_ready(start, place, "runtime")


def test_a_second_start_finds_the_lock_taken_until_the_first_is_done(start: ModuleType, place: SimpleNamespace) -> None:
    with start.OnlyOne(place.lock), open(place.lock, "a", encoding="ascii") as second:  # noqa: PTH123  # as start.py
        assert not start.locked(second.fileno())
    with open(place.lock, "a", encoding="ascii") as second:  # noqa: PTH123  # as start.py does
        assert start.locked(second.fileno())


def test_the_exit_code_of_the_program_is_passed_on(checkout: Path) -> None:
    program = "import os, sys; print(os.getcwd()); sys.exit(7)"
    script = (
        f"import runpy, sys; start = runpy.run_path({str(START)!r}); "
        f"sys.exit(start['hand_over']([sys.executable, '-c', {program!r}], {str(checkout)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (7, "")
    assert Path(done.stdout.strip()).samefile(checkout)
