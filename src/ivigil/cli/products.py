"""``ivigil products``: the labels that are held, figure by figure."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from ivigil.cli.output import library, say, unknown_id
from ivigil.documents import canonical_json, encode
from ivigil.knowledge.product_records import Product
from ivigil.units import shown

_HEAD = ("id", "brand", "maker", "region", "also_regions", "route", "g_per_100_ml", "label_date", "label_note")


def products(given: Namespace) -> int:
    """List the products, or show one with the source and status of each figure."""
    known = library(given.knowledge)
    if given.id is None:
        return _list(list(known.products.values()), given)
    if given.id not in known.products:
        raise unknown_id("product", given.id, tuple(known.products))
    product = known.products[given.id]
    say(canonical_json(encode(product), indent=2) if given.json else "\n".join(_lines(product)))
    return 0


def _list(held: list[Product], given: Namespace) -> int:
    region = (given.region or "").upper()
    found = [one for one in held if not region or region in (one.region, *one.also_regions)]
    if given.json:
        say(canonical_json([encode(one) for one in found], indent=2))
        return 0
    for one in found:
        state = f", {one.marketing.state}" if one.marketing else ""
        read = sum(rate.status == "verified" for rate in one.rates)
        rates = f"{read} rate schedule{'' if read == 1 else 's'} read" if one.route == "intravenous" else ""
        head = f"{one.id:26} {one.region:3} {one.route:26} {shown(one.g_per_100_ml):>5}%"
        say(f"{head}  {one.brand}{state}  {rates}".rstrip())
    return 0


def _lines(product: Product) -> Iterator[str]:
    """Every field that is known; what is missing is unknown, not absent."""
    fields = encode(product)
    for name in _HEAD:
        if fields.get(name):
            yield f"{_words(name):24} {_value(fields[name])}"
    for name, value in fields.items():
        if name not in _HEAD and value:
            yield f"{_words(name)}:"
            yield from (f"  {line}" for line in _figures(value))
    yield "What is not listed here is not known."


def _figures(value: Any) -> Iterator[str]:  # noqa: ANN401 - encoded records
    """A record, a list of records or a mapping of them, each on a line with its status and source."""
    if isinstance(value, list):
        for one in value:
            yield from _figures(one)
    elif "status" in value:
        parts = (str(one) if key in {"text", "note"} else f"{_words(key)} {_value(one)}" for key, one in _said(value))
        yield f"{'; '.join(parts)} ({value['status']}, {value['source']})"
    else:
        for key, one in value.items():
            yield from (f"{_words(key)}: {line}" for line in _figures(one))


def _said(value: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(key, one) for key, one in value.items() if key not in {"id", "status", "source"} and one not in (None, [])]


def _value(value: Any) -> str:  # noqa: ANN401 - encoded values
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, dict):
        return " ".join(_value(one) if key != "below" else "" for key, one in value.items()).strip()
    return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
