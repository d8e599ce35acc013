"""An order to screen in: records like those that a person included come first. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ivigil.documents import BadInput, Fault
from ivigil.literature.screening import Entry

_PARTS = ("queriers", "classifiers", "balancers", "feature_extractors")
_EXTRA = "pip install 'ivigil[screening]'"


@dataclass(frozen=True)
class Screened:
    """What a ranker learns from: titles and abstracts, whether a person included those decided on, and the seed."""

    texts: Sequence[tuple[str, str]]
    included: Mapping[int, bool]
    seed: int


Ranker = Callable[[Screened], Sequence[int]]


def ranked(entries: Sequence[Entry], ranker: Ranker, seed: int) -> tuple[Entry, ...]:
    """The undecided of ``entries`` in the order of ``ranker``, then those decided on as they stood.

    ``ranker`` answers the numbers of the texts without a decision, the likeliest first. The texts stand in the order
    of their ids, so that the order of the queue changes nothing. Raises :class:`BadInput` without at least one
    included and one excluded record to learn from.
    """
    by_id = sorted(entries, key=lambda one: one.id)
    included = {n: one.decision == "include" for n, one in enumerate(by_id) if one.decision != "undecided"}
    if set(included.values()) != {True, False}:
        found = "no included record" if True not in included.values() else "no excluded record"
        raise BadInput([Fault("queue", found, "at least one included and one excluded", "Screen a few by hand first.")])
    undecided = [n for n in range(len(by_id)) if n not in included]
    texts = [(one.record.title, one.record.abstract or "") for one in by_id]
    order = list(ranker(Screened(texts, included, seed))) if undecided else []
    if sorted(order) != undecided:
        raise BadInput([Fault("ranking", "an order that loses or repeats records", "each undecided record once")])
    decided = (one for one in entries if one.decision != "undecided")
    return (*(by_id[n] for n in order), *decided)


def asreview_ranker() -> Ranker:
    """The ranking of ASReview 3: TF-IDF, a support vector machine, balanced weights, the likeliest first.

    Raises :class:`BadInput` where the extra ``screening`` is not installed.
    """
    try:
        asreview = import_module("asreview")
        part = {name: import_module(f"asreview.models.{name}") for name in _PARTS}
        frames = import_module("pandas")
    except ImportError:
        raise BadInput([Fault("--rank", "no ASReview", "the extra screening", f"Install it: {_EXTRA}")]) from None

    def rank(given: Screened) -> list[int]:
        cycle = asreview.ActiveLearningCycle(
            querier=part["queriers"].Max(),
            # The solver draws at random: the seed makes an order one that can be had again.
            classifier=part["classifiers"].SVM(random_state=given.seed),
            balancer=part["balancers"].Balanced(),
            feature_extractor=part["feature_extractors"].Tfidf(),
        )
        features = _features(cycle, frames.DataFrame(list(given.texts), columns=["title", "abstract"]))
        decided = sorted(given.included)
        labels = frames.Series([int(given.included[n]) for n in decided]).to_numpy()
        cycle.fit(features[decided], labels)
        undecided = [n for n in range(len(given.texts)) if n not in given.included]
        return [undecided[int(place)] for place in cycle.rank(features[undecided])]

    return rank


def _features(cycle: Any, texts: Any) -> Any:  # noqa: ANN401 - ASReview has no types
    try:
        return cycle.transform(texts)
    except ValueError as error:
        raise BadInput([Fault("queue", f"no words to rank by ({error})", "titles of words")]) from error
