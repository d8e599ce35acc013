"""Linear models that the tests of kinetics share: one made up, and those on record."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from ivigil.documents import parse_yaml
from ivigil.documents.schemas import check
from ivigil.kinetics.parameters import LinearParameters
from ivigil.knowledge import data_folder
from ivigil.knowledge.kinetic_records import (
    BuiltOn,
    CovariateEffect,
    EndogenousBaseline,
    KineticParameter,
    LinearModel,
)
from ivigil.knowledge.records import Passage

# Half-lives of 1 and 2 days, volumes of 2 L: answers that can be worked out by hand.
ONE_COMPARTMENT = LinearParameters(2.0, 2.0, 0.0, 0.0, 0.5, {"intravenous": 1.0, "subcutaneous": 0.5}, 6.0)
TWO_COMPARTMENTS = LinearParameters(0.15, 3.0, 0.47, 1.9, 0.25, {"intravenous": 1.0, "subcutaneous": 0.7}, 4.0)
INTRAVENOUS_ONLY = LinearParameters(0.15, 3.0, 0.47, 1.9, None, {"intravenous": 1.0}, None)

STATUS = "read in a secondary source"


@cache
def on_record(key: str) -> LinearModel:
    name = f"kinetic-models/{key}.yaml"
    data, place = parse_yaml((data_folder() / name).read_bytes(), name)
    return check(LinearModel, data, place)


def made_up() -> LinearModel:
    """A model of adults of 40 to 100 kg and of two routes, with a baseline that asks for IgM."""
    weight = CovariateEffect("body weight", Decimal(70), Decimal("0.75"))
    igm = CovariateEffect("IgM", Decimal("0.5"), Decimal("0.1"))
    return LinearModel(
        "made-up",
        "Made up",
        1,
        (
            KineticParameter("CL", Decimal("0.2"), "L/d", STATUS, (weight,)),
            KineticParameter("Vc", Decimal(4), "L", STATUS),
            KineticParameter("ka", Decimal("0.3"), "/d", STATUS),
            KineticParameter("F_sc", Decimal("0.7"), "1", STATUS),
        ),
        EndogenousBaseline("estimated", STATUS, Decimal(5), (igm,)),
        BuiltOn(
            "adults",
            10,
            ("primary-immunodeficiency",),
            ("intravenous", "subcutaneous"),
            (Decimal(40), Decimal(100)),
            (Decimal(18), Decimal(80)),
        ),
        Passage("somewhere", "table 1"),
    )
