"""What a specialist may choose by name where no product fits by itself, and who chose it and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from ivigil.safety.products import ProductFit

IgaKind = Literal["max", "average", "typical"]


@dataclass(frozen=True)
class IgaRank:
    """Products by their IgA per mL, the lowest first. Figures of another kind stand in a rank of their own.

    ``kind`` is ``None`` for the products whose figure was not read: they come last, in no order but that of their ids.
    """

    kind: IgaKind | None
    fits: tuple[ProductFit, ...]


@dataclass(frozen=True)
class OverriddenFit:
    """A product chosen by name against its fit: by whom, and why."""

    fit: ProductFit
    by: str
    reason: str


def overrides(fits: Iterable[ProductFit]) -> tuple[IgaRank, ...]:
    """The products that only antibodies against IgA keep out, by lowest IgA. Those out for another reason are not."""
    open_ones = [one for one in fits if _only_iga(one)]
    kinds: tuple[IgaKind | None, ...] = (*get_args(IgaKind), None)
    ranks = (IgaRank(kind, _lowest_first(one for one in open_ones if _kind(one) == kind)) for kind in kinds)
    return tuple(rank for rank in ranks if rank.fits)


def override(fit: ProductFit, by: str, reason: str) -> OverriddenFit:
    """``fit`` chosen by name. Raises :class:`ValueError` where who decides or why is left empty."""
    given = {"who decides": by.strip(), "why": reason.strip()}
    empty = [name for name, value in given.items() if not value]
    if empty:
        wanted = "an override needs who decides and why, in words"
        raise ValueError(f"{fit.product.id}: {' and '.join(empty)} left empty; {wanted}")
    return OverriddenFit(fit, *given.values())


def _only_iga(fit: ProductFit) -> bool:
    out = fit.reasons_that("out")
    return bool(out) and all(one.kind == "iga" for one in out)


def _kind(fit: ProductFit) -> IgaKind | None:
    """The kind of figure; a low content permits, so only one that was read counts."""
    iga = fit.product.iga
    return iga.kind if iga is not None and iga.status == "verified" else None


def _lowest_first(fits: Iterable[ProductFit]) -> tuple[ProductFit, ...]:
    return tuple(sorted(fits, key=lambda one: (_ug_per_ml(one), one.product.id)))


def _ug_per_ml(fit: ProductFit) -> Decimal:
    return fit.product.iga.ug_per_ml if fit.product.iga is not None and _kind(fit) else Decimal(0)
