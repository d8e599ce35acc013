#!/usr/bin/env python3
"""Set ivigil up on its first start, then run it.

python3 start.py               decide the first example
python3 start.py test [...]    run the test suite; what follows goes to pytest
python3 start.py ARGS...       ivigil ARGS..., in the folder where you are

Standard library only, and it parses on Python 3.6, so that an old Python is told what to do in one sentence.
Everything it makes is `.venv` (and `.venv.lock` and `.venv.old` beside it); git ignores all three.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

    Steps = list[tuple[str, list[str]]]

OLDEST_PYTHON = (3, 11)
ROOT = os.path.dirname(os.path.realpath(__file__))
FIRST_EXAMPLE = ["review", os.path.join("examples", "first.json"), "--today", "2026-11-20"]
TEST_WORKERS = "2"
RUNTIME, DEV = "runtime", "dev"
FINGERPRINTED = ["pyproject.toml", "requirements/runtime.lock", "requirements/dev.lock"]
AGAIN = "then run the same command again."
SIGNS_OF_FULL_DISK = "No space left|Disk quota exceeded|not enough space"
SIGNS_OF_WRONG_HASH = "DO NOT MATCH THE HASHES|Hash mismatch"
SIGNS_OF_NO_NETWORK = (
    "name resolution|dns error|failed to lookup address|getaddrinfo failed|nodename nor servname|"
    "Failed to fetch|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|tunnel error|"
    "error sending request|Connection refused|Connection reset|Network is unreachable|timed out"
)


class CannotStartError(Exception):
    """One sentence that tells the reader why this start ends here and what to do."""


class Place:
    """The paths of one checkout."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.venv = os.path.join(root, ".venv")
        self.old = os.path.join(root, ".venv.old")
        self.lock = os.path.join(root, ".venv.lock")
        self.stamp = os.path.join(self.venv, "ivigil-stamp")
        self.log = os.path.join(self.venv, "ivigil-setup.log")
        scripts, suffix = ("Scripts", ".exe") if sys.platform == "win32" else ("bin", "")
        self.python = os.path.join(self.venv, scripts, "python" + suffix)
        self.ivigil = os.path.join(self.venv, scripts, "ivigil" + suffix)


def main(arguments: "list[str]") -> int:
    """Set up what is missing and run what was asked for; 2 if that cannot be."""
    try:
        demand_python(sys.version_info[:3])
        return start(Place(ROOT), arguments)
    except CannotStartError as reason:
        say(str(reason))
        return 2
    except KeyboardInterrupt:
        say("stopped; to go on, run the same command again.")
        return 130


def say(line: str) -> None:
    """Put one line before the reader, clear of what ivigil itself prints."""
    sys.stderr.write("ivigil: " + line + "\n")
    sys.stderr.flush()


def demand_python(found: "tuple[int, ...]") -> None:
    """Stop on a Python that ivigil does not run on."""
    if found[:2] >= OLDEST_PYTHON:
        return
    needed = ".".join(map(str, OLDEST_PYTHON))
    raise CannotStartError(
        "this is Python {}, and ivigil needs {} or newer: install one and start with it by name, "
        "for example 'python{} start.py'.".format(".".join(map(str, found)), needed, needed)
    )


def start(place: Place, arguments: "list[str]") -> int:
    """Make the environment ready, then hand over to the program that was asked for."""
    level, command, folder = route(place, arguments)
    make_ready(place, level)
    return hand_over(command, folder)


def route(place: Place, arguments: "list[str]") -> "tuple[str, list[str], str | None]":
    """Which packages a start needs, what it runs, and in which folder (None: where the caller is)."""
    if not arguments:
        return RUNTIME, [*ivigil_command(place), *FIRST_EXAMPLE], place.root
    if arguments[0] == "test":
        return DEV, [place.python, "-m", "pytest", "-n", TEST_WORKERS, *arguments[1:]], place.root
    return RUNTIME, [*ivigil_command(place), *arguments], None


def ivigil_command(place: Place) -> "list[str]":
    """Name the console script; by its interpreter, for the path in its first line may be too long."""
    return [place.ivigil] if sys.platform == "win32" else [place.python, place.ivigil]


def hand_over(command: "list[str]", folder: "str | None") -> int:
    """Become the program; on Windows, which cannot, run it and pass its exit code on."""
    try:
        if folder is not None:
            os.chdir(folder)
        if sys.platform != "win32":
            os.execv(command[0], command)  # noqa: S606  # the program that was asked for
        import subprocess

        return subprocess.call(command)
    except OSError as fault:
        raise CannotStartError(
            "{} cannot be run ({}): delete .venv, {}".format(command[0], fault.strerror, AGAIN)
        ) from fault


def make_ready(place: Place, level: str) -> None:
    """Leave an environment that holds the packages of `level`; one look at the stamp when it already does."""
    wanted = fingerprint(place)
    if is_ready(place, wanted, level):
        return
    try:
        with OnlyOne(place.lock):
            if not is_ready(place, wanted, level):
                set_up(place, wanted, level)
    except OSError as fault:
        raise CannotStartError(
            "{} cannot be written ({}): make it writable, or copy the whole folder to where you may write, {}".format(
                fault.filename or place.root, fault.strerror or fault, AGAIN
            )
        ) from fault


def fingerprint(place: Place) -> str:
    """Digest all that an environment depends on: its Python, its place, the files that name its packages."""
    import hashlib

    version = "{}-{}.{}".format(sys.implementation.name, *sys.version_info[:2])
    digest = hashlib.sha256(os.fsencode(version + "\n" + place.root))
    for name in FINGERPRINTED:
        digest.update(hashlib.sha256(content(place, name)).digest())
    return digest.hexdigest()


def content(place: Place, name: str) -> bytes:
    """Read a file that every complete copy of ivigil has."""
    try:
        with open(os.path.join(place.root, name), "rb") as file:
            return file.read()
    except OSError as fault:
        raise CannotStartError(
            "{} cannot be read ({}): take a complete copy of ivigil, {}".format(name, fault.strerror, AGAIN)
        ) from fault


def is_ready(place: Place, wanted: str, level: str) -> bool:
    """Whether the environment was finished for this fingerprint and holds the packages of `level`."""
    holds = read_stamp(place)[1]
    return is_sound(place, wanted) and (holds == DEV or level == RUNTIME)


def is_sound(place: Place, wanted: str) -> bool:
    """Whether the environment was finished for this fingerprint and its programs are still there."""
    made_for = read_stamp(place)[0]
    return made_for == wanted and os.path.exists(place.python) and os.path.exists(place.ivigil)


def read_stamp(place: Place) -> "tuple[str, str]":
    """Read for which fingerprint, and to which level, the last set-up finished; two empty strings if none."""
    try:
        with open(place.stamp, encoding="ascii") as file:
            made_for, holds = file.read().split()
    except (OSError, ValueError):
        return "", ""
    return made_for, holds


def write_stamp(place: Place, made_for: str, holds: str) -> None:
    """Record a state of the environment in one move, so that no reader sees half of it."""
    with open(place.stamp + ".new", "w", encoding="ascii") as file:
        file.write(made_for + " " + holds + "\n")
    os.replace(place.stamp + ".new", place.stamp)


class OnlyOne:
    """Keeps a second start waiting while one sets up; the system drops the lock when its holder ends."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> None:
        self.file = open(self.path, "a")  # held open for as long as the lock is
        waiting = False
        while not locked(self.file.fileno()):
            import time

            if not waiting:
                say("another start is setting up; waiting for it.")
            waiting = True
            time.sleep(0.2)

    def __exit__(self, *_: object) -> None:
        self.file.close()


def locked(descriptor: int) -> bool:
    """Take the lock if no one has it; whether it is now ours."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        import errno

        # A file system that knows no locks must not keep anyone from starting.
        return fault.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def set_up(place: Place, wanted: str, level: str) -> None:
    """Build the environment, or add the packages of `dev` to a sound one."""
    fresh = not is_sound(place, wanted)
    refuse_what_is_not_ours(place)
    if read_stamp(place)[1] == DEV:
        level = DEV
    ways = ways_to_install(place, level, fresh=fresh)
    for steps in ways:
        try:
            if fresh:
                clear(place)
            carry_out(place, steps)
            break
        except CannotStartError:
            if steps is ways[-1]:
                raise
            say("uv could not do it; trying pip.")
    write_stamp(place, wanted, level)


def ways_to_install(place: Place, level: str, *, fresh: bool) -> "list[Steps]":
    """List the ways to try: by uv if it is on the PATH, then by pip if this Python can bring it."""
    import importlib.util
    import shutil

    uv = shutil.which("uv")
    ways = [uv_steps(place, uv, level, fresh=fresh)] if uv else []
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        ways.append(pip_steps(place, level, fresh=fresh))
    if not ways:
        raise CannotStartError(
            "this Python has no ensurepip, which virtual environments need: install it (on Debian and "
            "Ubuntu: apt install python{}.{}-venv) or put uv on the PATH, {}".format(*sys.version_info[:2], AGAIN)
        )
    return ways


def uv_steps(place: Place, uv: str, level: str, *, fresh: bool) -> "Steps":
    """List what to say and what to run when uv sets up."""
    make = [uv, "venv", "--allow-existing", "--no-project", "--python", base_python(), place.venv]
    install = [uv, "pip", "install", "--python", place.python]
    return [*([(making(), make)] if fresh else []), *installing(place, install, level, fresh=fresh)]


def pip_steps(place: Place, level: str, *, fresh: bool) -> "Steps":
    """List what to say and what to run when pip does; an environment that uv made has no pip of its own."""
    make = [base_python(), "-m", "venv", "--without-pip", place.venv]
    add_pip = [place.python, "-m", "ensurepip", "--default-pip"]
    install = [place.python, "-m", "pip", "install", "--retries", "2"]
    return [
        *([(making(), make)] if fresh else []),
        ("adding pip to it.", add_pip),
        *installing(place, install, level, fresh=fresh),
    ]


def base_python() -> str:
    """Find the interpreter below any virtual environment: ours may lie in the very .venv that is replaced."""
    return getattr(sys, "_base_executable", None) or sys.executable


def making() -> str:
    """Word the first step of a fresh set-up."""
    return "making .venv with Python {}.{}.{}.".format(*sys.version_info[:3])


def installing(place: Place, install: "list[str]", level: str, *, fresh: bool) -> "Steps":
    """List the steps that fill an environment, given the words that begin an installing command."""
    lock = os.path.join(place.root, "requirements", level + ".lock")
    line = "installing the packages of requirements/{}.lock; this can take a minute.".format(level)
    packages = (line, [*install, "--require-hashes", "-r", lock])
    itself = ("installing ivigil itself.", [*install, "--no-build-isolation", "--no-deps", "-e", place.root])
    return [packages, itself] if fresh else [packages]


def clear(place: Place) -> None:
    """Leave an empty .venv, whatever half-made or outdated one was there."""
    import shutil

    shutil.rmtree(place.old, ignore_errors=True)
    if os.path.lexists(place.venv):
        # One move, so that an interrupted removal cannot leave half an environment under the name .venv.
        os.replace(place.venv, place.old)
        shutil.rmtree(place.old, ignore_errors=True)
    os.mkdir(place.venv)
    write_stamp(place, "unfinished", "nothing")


def refuse_what_is_not_ours(place: Place) -> None:
    """Stop rather than remove something called .venv that is no virtual environment."""
    if not os.path.lexists(place.venv):
        return
    if os.path.isdir(place.venv) and not os.path.islink(place.venv):
        inside = os.listdir(place.venv)
        if not inside or "pyvenv.cfg" in inside or os.path.basename(place.stamp) in inside:
            return
    raise CannotStartError("{} is not a virtual environment: move it elsewhere, {}".format(place.venv, AGAIN))


def carry_out(place: Place, steps: "Steps") -> None:
    """Run the steps in order with their output in the log; stop at the first that fails."""
    for line, command in steps:
        say(line)
        with open(place.log, "wb") as log:
            code = exit_code(place, command, log)
        if code != 0:
            raise CannotStartError(failure(place))


def exit_code(place: Place, command: "list[str]", log: "IO[bytes]") -> int:
    """Run one command of a set-up with its output in the log."""
    import subprocess

    # Settings that suit installing outside an environment would break installing into one.
    surroundings = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    try:
        return subprocess.call(
            command, cwd=place.root, env=surroundings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    except OSError as fault:
        raise CannotStartError(
            "{} cannot be run ({}): mend or remove it, {}".format(command[0], fault.strerror, AGAIN)
        ) from fault


def failure(place: Place) -> str:
    """Say why the last step failed, as far as its log tells, and what to do."""
    import re

    with open(place.log, encoding="utf-8", errors="replace") as file:
        said = file.read()
    if re.search(SIGNS_OF_FULL_DISK, said):
        return "the disk is full: free some space, " + AGAIN
    if re.search(SIGNS_OF_WRONG_HASH, said):
        return "a downloaded package differs from the locked one: find out why from {}, {}".format(place.log, AGAIN)
    if re.search(SIGNS_OF_NO_NETWORK, said):
        return "the packages could not be downloaded: check the network and any proxy settings, " + AGAIN
    return "that step failed: find the reason in {}, mend it, {}".format(place.log, AGAIN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
