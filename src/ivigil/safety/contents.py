"""What a product is known to contain. Its absence counts only where it was read; its presence also when remembered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ivigil.criteria import Truth, disjunction
from ivigil.knowledge.product_records import Content, Product, Status, Substance


@dataclass(frozen=True)
class Holding:
    """Whether a product contains one of some substances: which it does, and of which nobody read that it does not."""

    truth: Truth
    present: tuple[Substance, ...]
    unseen: tuple[Substance, ...]
    status: Status
    sources: tuple[str, ...]

    def words(self, brand: str) -> str:
        """What is known of the substances, as a sentence."""
        if self.present:
            remembered = " (remembered, not verified)" if self.status == "remembered" else ""
            return f"{brand} contains {_listed(self.present)}{remembered}."
        return f"Nobody read that {brand} is free of {_listed(self.unseen)}: look at its label."


def holding(product: Product, substances: Iterable[Substance]) -> Holding:
    """What is known of ``substances`` in a product."""
    contents = product.contents or {}
    truths = {one: _truth(contents.get(one)) for one in substances}
    present = tuple(one for one, truth in truths.items() if truth is Truth.MET)
    unseen = tuple(one for one, truth in truths.items() if truth is Truth.UNKNOWN)
    shown = [contents[one] for one in present or unseen if one in contents]
    return Holding(
        disjunction(truths.values()),
        present,
        () if present else unseen,
        "remembered" if shown and all(one.status == "remembered" for one in shown) else "verified",
        tuple(dict.fromkeys(one.source for one in shown)),
    )


def _truth(content: Content | None) -> Truth:
    if content is None:
        return Truth.UNKNOWN
    if content.present:
        return Truth.MET
    return Truth.NOT_MET if content.status == "verified" else Truth.UNKNOWN


def _listed(substances: tuple[Substance, ...]) -> str:
    return " and ".join(", ".join(substances).rsplit(", ", 1))
