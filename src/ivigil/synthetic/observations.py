"""Measurements as Observations, with everything that is wrong with measurements."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from ivigil.synthetic.diseases import Answer
from ivigil.synthetic.fragments import unit_tail
from ivigil.synthetic.measuring import Gauge
from ivigil.synthetic.plan import Plan
from ivigil.synthetic.records import Record
from ivigil.synthetic.ways import Way

_FINAL = '"status":"final",'
_STATUS = {
    "preliminary": '"status":"preliminary",',
    "measurement-in-error": '"status":"entered-in-error",',
}
_MOMENTS = tuple(f"T{hour:02d}:{minute:02d}:00Z" for hour in range(6, 22) for minute in (0, 20, 40))
_ABSENT = '"dataAbsentReason":{"text":"not performed"},'
_LENGTH, _MOLES = unit_tail("cm"), unit_tail("mmol/L")


@lru_cache(maxsize=4096)
def day_text(day: int) -> str:
    """A day as ``2026-06-30``."""
    return date.fromordinal(day).isoformat()


def dated(name: str, day: int, dirt: str | None) -> str:
    """The member of a date, as sloppy as ``dirt`` says."""
    if dirt is None:
        return f'"{name}":"{day_text(day)}",'
    if dirt.endswith("undated"):
        return ""
    kept = 4 if dirt.endswith("year-only") else 7 if dirt.endswith("month-only") else 10
    return f'"{name}":"{day_text(day)[:kept]}",'


def measure(record: Record, plan: Plan, gauge: Gauge, steps: int, day: int) -> None:
    """Write one measurement of ``day``, or what became of it."""
    if not gauge.heads:
        return
    word = record.draws.word()
    if word >= plan.spoils:
        # The low digits of the word are as good as drawn: nothing else has looked at them.
        when = f'"effectiveDateTime":"{day_text(day)}{_MOMENTS[word % len(_MOMENTS)]}",'
        record.add("Observation", f"{_FINAL}{gauge.heads[0]}{record.subject}{when}{_plain(gauge, steps)}")
        return
    dirt = plan.dirt["measurement"].at(word)
    if record.spoils(dirt) and dirt != "missing-measurement":
        _spoilt(record, gauge, steps, _moved(plan, day, dirt), dirt)


def _spoilt(record: Record, gauge: Gauge, steps: int, day: int, dirt: str) -> None:
    draws = record.draws
    status = _STATUS.get(dirt, _FINAL)
    when = dated("effectiveDateTime", day, dirt)
    head = f"{status}{draws.pick(gauge.heads)}{record.subject}{when}"
    body = head + _value(record, gauge, steps, dirt)
    if dirt == "newer-version":
        identity = record.new_id()
        for version, one in (("1", steps + max(1, steps // 3)), ("2", steps)):
            meta = f'"meta":{{"versionId":"{version}"}},'
            record.put("Observation", identity, meta + head + _plain(gauge, one))
        return
    record.add("Observation", body, times=2 if dirt == "measured-twice" else 1)
    if dirt == "conflicting":
        record.add("Observation", head + _plain(gauge, steps + max(1, steps // 2)))


def _moved(plan: Plan, day: int, dirt: str) -> int:
    return day + {"stale": -plan.times.stale, "future-dated": plan.times.ahead}.get(dirt, 0)


def _plain(gauge: Gauge, steps: int) -> str:
    return _quantity(gauge.text(steps), gauge.tail)


def _quantity(value: str, tail: str) -> str:
    return f'"valueQuantity":{{"value":{value}{tail}}},'


def _value(record: Record, gauge: Gauge, steps: int, dirt: str) -> str:
    text, tail = gauge.text(steps), gauge.tail
    if dirt == "value-absent":
        return _ABSENT
    if dirt == "other-unit" and gauge.others:
        factor, digits, tail = record.draws.pick(gauge.others)
        text = f"{steps * factor:.{digits}f}"
    elif dirt == "wrong-unit":
        tail = _MOLES if tail == _LENGTH else _LENGTH
    elif dirt == "no-unit":
        tail = ""
    elif dirt == "implausible-value":
        text = gauge.too_large
    elif dirt == "below-limit":
        tail = f',"comparator":"<"{tail}'
    return _quantity(text, tail)


def say(record: Record, answer: Answer, day: int) -> bool:
    """Write that a truth or a coded fact has a value, in one of the ways of the record; whether there is one."""
    if not answer.ways:
        return False
    way = record.draws.pick(answer.ways)
    record.add(way.kind, _of_patient(record, way) + dated(way.dated, day, None))
    return True


def _of_patient(record: Record, way: Way) -> str:
    return way.members + (record.subject_last if way.by_patient else record.subject)
