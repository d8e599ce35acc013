"""What can be asked of any pooled studies, from the record or from a sheet: robustness, small studies, hints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ivigil.documents import BadInput, Fault
from ivigil.evidence.running import Ran
from ivigil.knowledge import Library
from ivigil.knowledge.grading_records import GradeDomain, HintRule
from ivigil.synthesis.certainty_hints import (
    Hint,
    ImprecisionRules,
    InconsistencyRules,
    imprecision_hints,
    inconsistency_hints,
)
from ivigil.synthesis.cumulative import Step, cumulative
from ivigil.synthesis.leave_out import LeftOneOut, leave_one_out
from ivigil.synthesis.moderators import Categorical, Moderator, Numeric
from ivigil.synthesis.options import Options
from ivigil.synthesis.regression import Regression, regress
from ivigil.synthesis.results import Better, Effects, Pooled, StudyLine
from ivigil.synthesis.small_study import SmallStudyTest, begg, egger, egger_mixed, harbord, peters
from ivigil.synthesis.study_lines import lines_of
from ivigil.synthesis.subgroups import Subgroups, pool_subgroups
from ivigil.synthesis.trim_fill import TrimAndFill, trim_and_fill

T = TypeVar("T")
FEWEST_STUDIES = "publication-bias-fewest-studies"


@dataclass(frozen=True, eq=False)
class Pooling:
    """Studies that were pooled, and what is known of each by its label: its year, subgroup and moderators."""

    title: str
    outcome: str
    a_name: str
    b_name: str
    better: Better
    effects: Effects
    pooled: Pooled
    years: Mapping[str, float] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    moderators: Mapping[str, Mapping[str, float | str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[StudyLine, ...]:
        return lines_of(self.effects, self.pooled, self.groups)

    @property
    def options(self) -> Options:
        return self.pooled.options


@dataclass(frozen=True, eq=False)
class More:
    """Everything beyond the pooled effect. What could not be had is missing here and named in ``refused``, with why."""

    leave_one_out: tuple[LeftOneOut, ...]
    cumulative: tuple[Step, ...]
    small_study: tuple[SmallStudyTest, ...]
    filled: TrimAndFill | None
    subgroups: Subgroups | None
    regression: Regression | None
    hints: tuple[Hint, ...]
    refused: tuple[str, ...]


def pooling_of(ran: Ran) -> Pooling | None:
    """The studies of a run; ``None`` where none gives an effect."""
    if ran.effects is None or ran.pooled is None:
        return None
    one = ran.analysis
    return Pooling(
        title=one.title,
        outcome=one.outcome,
        a_name=one.intervention,
        b_name=one.comparator,
        better=one.better,
        effects=ran.effects,
        pooled=ran.pooled,
        years={used.label: float(used.study.year) for used in ran.used},
        groups={used.label: used.subgroup for used in ran.used if used.subgroup},
        notes=(ran.why, *ran.remarks, *(f"Missing: {missing.name}. {missing.why}" for missing in one.missing)),
    )


def more_of(one: Pooling, library: Library, moderators: tuple[str, ...] = ()) -> More:
    """Everything beyond the pooled effect that the studies of ``one`` allow."""
    effects, options, refused = one.effects, one.options, list[str]()
    few = library.evidence.grade_hints[FEWEST_STUDIES]
    level = options.level
    tests: dict[str, Callable[[], SmallStudyTest]] = {
        "Egger's test": lambda: egger(effects, few, level),
        "Egger's test with mixed effects": lambda: egger_mixed(effects, few, options),
        "Begg's test": lambda: begg(effects, few),
    }
    if effects.measure.of == "two-by-two":
        tests["Harbord's test"] = lambda: harbord(effects, few, level)
    if effects.measure.name == "OR":
        tests["Peters' test"] = lambda: peters(effects, few, level)
    return More(
        leave_one_out=_had("leave-one-out", lambda: leave_one_out(effects, options), refused) or (),
        cumulative=_had("cumulative analysis", lambda: cumulative(effects, _years(one), options), refused) or (),
        small_study=tuple(found for name, test in tests.items() if (found := _had(name, test, refused))),
        filled=_had("trim and fill", lambda: trim_and_fill(effects, options), refused),
        subgroups=_had("subgroups", lambda: pool_subgroups(effects, one.groups, options), refused)
        if one.groups
        else None,
        regression=_regression(one, moderators),
        hints=hints_of(one, library),
        refused=tuple(refused),
    )


def hints_of(one: Pooling, library: Library) -> tuple[Hint, ...]:
    """What stands out for two domains of GRADE, by the rules of thumb on record: never a grade."""
    held = library.evidence.grade_hints
    bands = tuple(_sorted(held, "inconsistency", "% (I2)"))
    limits = tuple(_sorted(held, "imprecision", None))
    important = tuple(rule for rule in limits if rule.unit and rule.threshold is not None and "relative" in rule.unit)
    imprecise = imprecision_hints(one.effects, one.pooled, ImprecisionRules(important=important))
    return (*imprecise, *inconsistency_hints(one.effects, one.pooled, InconsistencyRules(i2=bands)))


def _sorted(held: Mapping[str, HintRule], domain: GradeDomain, unit: str | None) -> list[HintRule]:
    found = [rule for rule in held.values() if rule.domain == domain and unit in {None, rule.unit}]
    return sorted(found, key=lambda rule: (rule.threshold is None, rule.threshold or 0, rule.id))


def _years(one: Pooling) -> list[float]:
    """The year of each study that is pooled. Raises :class:`BadInput` naming those without one."""
    without = [label for label in one.effects.labels if label not in one.years]
    if without:
        raise BadInput([Fault("year", f"none for {', '.join(without)}", "a year for every study")])
    return [one.years[label] for label in one.effects.labels]


def _regression(one: Pooling, names: tuple[str, ...]) -> Regression | None:
    return regress(one.effects, [_moderator(name, one) for name in names], one.options) if names else None


def _moderator(name: str, one: Pooling) -> Moderator:
    values = _values(name, one)
    if not values:
        raise BadInput([Fault("moderator", f"no value of {name!r} for any study", _expected(_moderators(one)))])
    if any(isinstance(value, str) for value in values.values()):
        words = {label: str(value) for label, value in values.items()}
        return Categorical(name, words, min(words.values()))
    return Numeric(name, {label: float(value) for label, value in values.items()})


def _values(name: str, one: Pooling) -> dict[str, float | str]:
    """What ``name`` is in each study that says it."""
    given = {label: value for label, held in one.moderators.items() if (value := held.get(name)) is not None}
    if given or name not in {"year", "subgroup"}:
        return given
    return {**one.years} if name == "year" else {**one.groups}


def _expected(moderators: tuple[str, ...]) -> str:
    return f"one of {', '.join(moderators)}" if moderators else "none, as nothing else is known of the studies"


def _moderators(one: Pooling) -> tuple[str, ...]:
    """What is known of the studies that an effect could depend on."""
    columns = sorted({name for held in one.moderators.values() for name in held})
    known = [name for name, values in (("year", one.years), ("subgroup", one.groups)) if values]
    return (*columns, *(name for name in known if name not in columns))


def _had(name: str, what: Callable[[], T], refused: list[str]) -> T | None:
    """What could be had; where the studies do not allow it, its name and why stand in ``refused``."""
    try:
        return what()
    except BadInput as error:
        refused.append(f"{name[0].upper()}{name[1:]}: {'; '.join(str(one) for one in error.faults)}")
        return None
