"""Evidence as plain values for other programs; every number that stands in the words stands here too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivigil.documents import encode
from ivigil.evidence.checks import Checked, status_counts
from ivigil.evidence.grading import Graded, LevelBeside
from ivigil.evidence.leaning import Leaning
from ivigil.evidence.moved import Moved
from ivigil.evidence.pooling import More, Pooling
from ivigil.evidence.recompute import Recomputed
from ivigil.evidence.running import Ran
from ivigil.evidence.snapshot import plain_values, pooled_values, result_values, study_values
from ivigil.synthesis.regression import Regression
from ivigil.synthesis.subgroups import Subgroups
from ivigil.synthesis.trim_fill import TrimAndFill

Values = dict[str, Any]


def ran_values(ran: Ran, leaning: Sequence[Leaning] = ()) -> Values:
    """One run of an analysis."""
    return {
        "analysis": encode(ran.analysis),
        "options": encode(ran.options),
        "studies": study_values(ran),
        "result": result_values(ran),
        "absolute": plain_values(encode(ran.absolute)) if ran.absolute else None,
        "standing": ran.standing,
        "why": ran.why,
        "remarks": list(ran.remarks),
        "leaning": [encode(one) for one in leaning],
    }


def pooling_values(one: Pooling) -> Values:
    """Studies of a sheet, what comes out, and by which conventions."""
    return {
        "title": one.title,
        "outcome": one.outcome,
        "measure": one.effects.measure.name,
        "options": encode(one.options),
        "studies": [plain_values(encode(line)) for line in one.lines],
        "result": pooled_values(one.pooled),
        "notes": list(one.notes),
    }


def more_values(more: More) -> Values:
    """Everything beyond the pooled effect, and what could not be had."""
    return {
        "leave_one_out": [{"without": one.label, "result": pooled_values(one.pooled)} for one in more.leave_one_out],
        "cumulative": [
            {"with": one.label, "at": one.at, "result": pooled_values(one.pooled)} for one in more.cumulative
        ],
        "small_study": [plain_values(encode(one)) for one in more.small_study],
        "trim_and_fill": _filled(more.filled) if more.filled else None,
        "subgroups": _subgroups(more.subgroups) if more.subgroups else None,
        "regression": _regression(more.regression) if more.regression else None,
        "hints": [plain_values(encode(one)) for one in more.hints],
        "refused": list(more.refused),
    }


def _filled(one: TrimAndFill) -> Values:
    put_in = plain_values([encode(each) for each in one.filled])
    result = pooled_values(one.pooled)
    return {"missing": one.missing, "side": one.side, "estimator": one.estimator, "put_in": put_in, "result": result}


def _subgroups(one: Subgroups) -> Values:
    groups = [
        {"name": each.name, "studies": list(each.labels), "result": pooled_values(each.alone)} for each in one.groups
    ]
    return {"groups": groups, "difference": plain_values(encode(one.difference)) if one.difference else None}


def _regression(one: Regression) -> Values:
    found = {"coefficients": encode(one.coefficients), "residual": encode(one.residual), "r2": one.r2}
    values: Values = plain_values(found | {"moderators": encode(one.moderators) if one.moderators else None})
    return values


def check_values(checked: Sequence[Checked]) -> Values:
    """Every claim with its check, the figures computed again and the standing of its analyses."""
    counts = status_counts(tuple(checked))
    return {"counts": dict(sorted(counts.items())), "claims": [_checked(one) for one in checked]}


def graded_values(graded: Graded) -> Values:
    """What is held on an indication, judgements side by side."""
    return {
        "indication": graded.indication,
        "levels": [_level(one) for one in graded.levels],
        "certainty": [encode(one) for one in graded.certainty],
        "studies": [encode(one) for one in graded.studies],
    }


def moved_values(moved: Moved) -> Values:
    """One analysis before and after new studies."""
    return {
        "analysis": moved.after.analysis.id,
        "added": list(moved.added),
        "before": {"result": result_values(moved.before), "standing": moved.before.standing},
        "after": {"result": result_values(moved.after), "standing": moved.after.standing},
        "says": list(moved.says),
        "leaning": [encode(one) for one in moved.leaning],
    }


def _checked(one: Checked) -> Values:
    return {
        "claim": encode(one.claim),
        "computed": [_recomputed(each) for each in one.figures],
        "analyses": [{"id": each.analysis.id, "standing": each.standing, "why": each.why} for each in one.analyses],
        "studies": [each.id for each in one.studies],
    }


def _recomputed(one: Recomputed) -> Values:
    figures = [{"stated": each.stated, "value": each.value, "low": each.low, "high": each.high} for each in one.figures]
    return {"id": one.recomputation.id, "text": one.recomputation.text, "agrees": one.agrees, "figures": figures}


def _level(one: LevelBeside) -> Values:
    return {
        "rule_set": one.rule_set,
        "stated": encode(one.stated),
        "until": one.until,
        "then": one.then.found.level.id if one.then and one.then.found.level else None,
        "says": one.then.says if one.then else "not compared",
        "now": one.now.level.id if one.now and one.now.level else None,
    }
