"""A replay in words: how many requests move from which verdict to which, and each with what moves it."""

from __future__ import annotations

from typing import Any

from ivigil.explain.audit_words import grams_words, indication_label, number_words
from ivigil.explain.layout import Row, Section, Table
from ivigil.explain.words import VERDICTS
from ivigil.knowledge import RuleSet
from ivigil.populations.audit.causes import Cause
from ivigil.populations.audit.replay import Moved, Replay

_LISTED = 50
_ROW_LEVEL = "This names single patients: it stays where the records are."


def replay_title(replay: Replay) -> str:
    """What was judged again, and by what."""
    before, after = (_rules(side.plan.rules) for side in (replay.before, replay.after))
    return f"{before}, replayed under {after}"


def replay_sections(replay: Replay, *, everything: bool = False) -> tuple[Section, ...]:
    """The verdicts that change, then the requests that move, as far as a screen takes them."""
    shown = replay.moved if everything else replay.moved[:_LISTED]
    left = len(replay.moved) - len(shown)
    more = (Row(f"{number_words(left)} more: --all, --json or --html"),) if left else ()
    summary = f"{number_words(len(replay.moved))} of {number_words(replay.rows)} rows get another verdict. {_ROW_LEVEL}"
    turns = tuple(
        (f"{VERDICTS[now]} → {VERDICTS[then]}", number_words(patients), number_words(rows), grams_words(milligrams))
        for (now, then), patients, rows, milligrams in replay.turns
    )
    table = Table(("verdict", "patients", "rows", "grams"), turns) if turns else None
    rows = tuple(_row(one, replay) for one in shown)
    first = Section("What changes", (Row(summary),), table=table)
    return (first, Section("Who moves, and why", (*rows, *more))) if rows else (first,)


def replay_values(replay: Replay) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "before": _head(replay.before.plan.rules),
        "after": _head(replay.after.plan.rules),
        "rows": replay.rows,
        "moved": [_values(one) for one in replay.moved],
    }


def _head(rules: RuleSet) -> dict[str, str]:
    return {"id": rules.head.id, "version": rules.head.version, "hash": rules.hash}


def _rules(rules: RuleSet) -> str:
    return f"{rules.head.title}, version {rules.head.version} ({rules.head.id})"


def _row(moved: Moved, replay: Replay) -> Row:
    now, then = (VERDICTS[one] for one in moved.verdicts)
    name = indication_label(moved.indication, replay.after.plan.library)
    grams = "grams unknown" if moved.milligrams is None else f"{grams_words(moved.milligrams)} g"
    text = f"{moved.patient}: {name}, {moved.request}, {moved.index_date}, {grams}"
    return Row(text, f"{now} → {then}", tuple(map(_cause, moved.causes)))


def _cause(cause: Cause) -> str:
    return f"{cause.kind} {cause.id}: {cause.before} → {cause.after} · {cause.text}"


def _values(moved: Moved) -> dict[str, Any]:
    return {
        "row": moved.row,
        "patient": moved.patient,
        "request": moved.request,
        "indication": moved.indication,
        "index_date": moved.index_date,
        "milligrams": moved.milligrams,
        "verdict": {"before": moved.verdicts[0], "after": moved.verdicts[1]},
        "standing": {"before": moved.standings[0], "after": moved.standings[1]},
        "causes": [
            {"kind": one.kind, "id": one.id, "text": one.text, "before": one.before, "after": one.after}
            for one in moved.causes
        ],
    }
