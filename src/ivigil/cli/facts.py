"""``ivigil facts``: the catalogue of facts."""

from __future__ import annotations

from argparse import Namespace

from ivigil.cli.output import library, say, unknown_id
from ivigil.documents import canonical_json, encode
from ivigil.facts import Fact


def facts(given: Namespace) -> int:
    """List the facts that can be known of a case, or show one with its codes, range and sources."""
    catalogue = library().askable
    if given.id is None:
        _list(list(catalogue.facts.values()), as_json=given.json)
    elif given.id not in catalogue:
        raise unknown_id("fact", given.id, tuple(catalogue.facts))
    elif given.json:
        say(canonical_json(encode(catalogue[given.id]), indent=2))
    else:
        say("\n".join(_shown(catalogue[given.id])))
    return 0


def _list(known: list[Fact], *, as_json: bool) -> None:
    if as_json:
        say(canonical_json([encode(fact) for fact in known], indent=2))
        return
    for group in dict.fromkeys(fact.group for fact in known):
        say(f"\n{group}")
        for fact in (one for one in known if one.group == group):
            say(f"  {fact.id:34} {fact.unit or fact.kind:10} {fact.question}")


def _shown(fact: Fact) -> list[str]:
    lines = [f"{fact.id}: {fact.label}", f"  asked as   {fact.question}", f"  kind       {fact.kind}"]
    lines += [f"  unit       {fact.unit}"] if fact.unit else []
    if fact.range:
        lines.append(f"  plausible  {fact.range.min:f} to {fact.range.max:f} ({fact.range.source})")
    if fact.recency:
        lines.append(f"  counts for {fact.recency.days} days ({fact.recency.source})")
    lines += [f"  option     {option.id}: {option.label}" for option in fact.options]
    lines += [f"  derived    {way.how} of {' and '.join(way.of)}" for way in fact.derived]
    lines += [f"  found in   {', '.join((*fact.found_in, 'QuestionnaireResponse (linkId)', 'flat form'))}"]
    lines += [
        f"  code       {code.system} {code.code} {code.display} ({code.checked.method}: {code.checked.ref})"
        for code in fact.codes
    ]
    return lines + ([f"  note       {fact.note}"] if fact.note else [])
