"""How the products fit a patient, put together by what has to be known or looked up before they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ivigil.explain.layout import Row
from ivigil.explain.plan_words import labels, listed_some
from ivigil.facts import Catalogue
from ivigil.review.plan import Plan
from ivigil.safety import ProductFit
from ivigil.units import shown

_MOST_UNCLEAR = 2


def products_in_brief(plan: Plan, catalogue: Catalogue) -> Iterator[Row]:
    """The products that fit, those of which least has to be known, and how many others there are."""
    rows = list(product_rows(plan, catalogue))
    yield from (row for row in rows if row.tag in {"fit", "none fits", "override"})
    unclear = sorted((row for row in rows if row.tag == "unclear"), key=lambda row: len(" ".join(row.details)))
    yield from unclear[:_MOST_UNCLEAR]
    others = sum(one.state == "unclear" for one in plan.products)
    out = sum(one.state == "out" for one in plan.products)
    yield Row(f"Of {len(plan.products)} labels {others} are unclear and {out} out.", "in all")


def product_rows(plan: Plan, catalogue: Catalogue) -> Iterator[Row]:
    """Every product of the plan: those that fit, the unclear with what to ask, those that are out with the reason."""
    by_state = {state: [one for one in plan.products if one.state == state] for state in ("fits", "unclear", "out")}
    if by_state["fits"]:
        yield Row(listed_some([_named(one) for one in by_state["fits"]]), "fit", tuple(_cautions(by_state["fits"])))
    elif plan.products:
        yield Row("No product is known to fit.", "none fits")
    for needs, names in _grouped(by_state["unclear"], catalogue).items():
        yield Row(listed_some(names), "unclear", needs)
    for texts, names in _grouped_out(by_state["out"]).items():
        yield Row(listed_some(names), "out", texts)
    for rank in plan.overrides:
        kind = f"{rank.kind} IgA as the label gives it" if rank.kind else "IgA not read on a label"
        names = [f"{_named(one)}{_iga(one)}" for one in rank.fits]
        said = "Only a specialist may choose one, by name and with a reason; the lowest IgA first."
        yield Row(listed_some(names), "override", (f"{said} {kind}.",))


def _named(fit: ProductFit) -> str:
    licensed = {"yes": ", licensed for this use", "not seen": "", "not asked": ""}[fit.licensed]
    return f"{fit.product.brand} ({fit.product.region}{licensed})"


def _iga(fit: ProductFit) -> str:
    return f", {shown(fit.product.iga.ug_per_ml)} µg/mL" if fit.product.iga else ""


def _cautions(fits: Iterable[ProductFit]) -> Iterator[str]:
    texts: dict[str, list[str]] = {}
    for fit in fits:
        for reason in fit.reasons_that("caution"):
            texts.setdefault(reason.text, []).append(fit.product.brand)
    for text, brands in texts.items():
        yield f"Caution: {text} ({listed_some(list(dict.fromkeys(brands)))})"


def _grouped(fits: Sequence[ProductFit], catalogue: Catalogue) -> dict[tuple[str, ...], list[str]]:
    """Products by what has to be known, or looked up on the label, before they fit."""
    found: dict[tuple[str, ...], list[str]] = {}
    for fit in fits:
        unclear = fit.reasons_that("unclear")
        needs = dict.fromkeys(need for one in unclear for need in one.needs)
        verify = dict.fromkeys(one for reason in unclear for one in reason.verify)
        other = dict.fromkeys(one.why for one in unclear if not one.needs and not one.verify)
        words = [f"To be known: {labels(tuple(needs), catalogue)}."] if needs else []
        words += [f"To be looked up on the label: {', '.join(verify)}."] if verify else []
        found.setdefault((*words, *other), []).append(_named(fit))
    return found


def _grouped_out(fits: Sequence[ProductFit]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for fit in fits:
        texts = tuple(dict.fromkeys(one.text for one in fit.reasons_that("out")))
        found.setdefault(texts, []).append(_named(fit))
    return found
