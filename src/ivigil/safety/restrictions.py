"""What a patient's condition forbids or discourages of a product: the rules on contents, on IgA, and the label's own.

Doubt is asymmetric: a restriction counts while it is unknown, also where it is only remembered, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from ivigil.criteria import Truth, conjunction
from ivigil.knowledge.product_records import Contraindication, Product, Status
from ivigil.knowledge.safety_records import ProductRule
from ivigil.safety.conditions import Conditions
from ivigil.safety.contents import holding
from ivigil.safety.reasons import Effect, Reason, effect_of

_HOLDS = "This holds for the patient."
_NOT_KNOWN = "It is not known whether this holds for the patient."
_NOBODY_LOOKED = "Nothing of this is known of the patient, as of most: the product stays in, and it is asked."


def restrictions(product: Product, conditions: Conditions) -> Iterator[Reason]:
    """Every reason of the patient's why ``product`` is out, unclear or to be given with caution."""
    for _, rule in sorted(conditions.library.product_rules.items()):
        reason = _by_iga(rule, conditions) if rule.iga else _by_content(rule, product, conditions)
        if reason is not None:
            yield reason
    for contraindication in product.contraindications:
        reason = _by_label(contraindication, conditions)
        if reason is not None:
            yield reason


def _by_content(rule: ProductRule, product: Product, conditions: Conditions) -> Reason | None:
    patient, held = conditions.truth(rule.when), holding(product, rule.contains)
    effect = effect_of(conjunction((patient, held.truth)), warns=rule.kind == "caution")
    if effect is None:
        return None
    needs = conditions.needs(rule.when)
    return Reason(
        "product-rule",
        effect,
        rule.id,
        rule.text,
        f"{_HOLDS if patient is Truth.MET else _NOT_KNOWN} {held.words(product.brand)}",
        _weaker(rule.status, held.status if held.present else rule.status),
        tuple(dict.fromkeys((rule.passage.source, *held.sources))),
        needs=needs,
        question=conditions.question(needs),
        verify=held.unseen,
    )


def _by_iga(rule: ProductRule, conditions: Conditions) -> Reason | None:
    """No product is free of IgA: none fits by itself while the rule holds, and a specialist may choose one by name.

    While it is not known whether it holds, a rule that only cautions leaves the products in.
    """
    truth = conditions.truth(rule.when)
    effect = "out" if truth is Truth.MET else effect_of(truth, warns=rule.kind == "caution")
    if effect is None:
        return None
    needs = conditions.needs(rule.when)
    why = f"{_HOLDS} A specialist may choose a product by name." if effect == "out" else _open_words(effect)
    sources = (rule.passage.source,)
    return Reason(
        "iga", effect, rule.id, rule.text, why, rule.status, sources, needs=needs, question=conditions.question(needs)
    )


def _by_label(one: Contraindication, conditions: Conditions) -> Reason | None:
    truth = conditions.truth(one.rule)
    nobody_looked = truth is Truth.UNKNOWN and _nobody_looked(one.rule, conditions)
    effect = effect_of(truth, warns=one.kind == "caution" or nobody_looked)
    if effect is None:
        return None
    needs = conditions.needs(one.rule)
    why = _HOLDS if truth is Truth.MET else _NOBODY_LOOKED if nobody_looked else _NOT_KNOWN
    question = conditions.question(needs)
    return Reason(
        "contraindication", effect, one.id, one.text, why, one.status, (one.source,), needs=needs, question=question
    )


def _nobody_looked(rule: str, conditions: Conditions) -> bool:
    """Whether a rule asks for antibodies against IgA, of which nothing is known in almost anybody.

    As soon as anything of the rule is known and leaves it open (a lack of IgA, an earlier reaction), it counts as open.
    """
    asks_of_iga = {fact for one in _iga_rules(conditions) for fact in conditions.facts(one.when)}
    facts = conditions.facts(rule)
    return bool(asks_of_iga & {*facts}) and not any(conditions.is_known(fact) for fact in facts)


def _iga_rules(conditions: Conditions) -> Iterator[ProductRule]:
    return (one for one in conditions.library.product_rules.values() if one.iga and one.kind == "caution")


def _open_words(effect: Effect) -> str:
    return _NOBODY_LOOKED if effect == "caution" else _NOT_KNOWN


def _weaker(*statuses: Status) -> Status:
    return "remembered" if "remembered" in statuses else "verified"
