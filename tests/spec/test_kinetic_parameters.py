"""Every printed parameter and covariate formula of the published linear models, and what the data give for it.

The table is written as the papers print it; the data are read at two people, and each cell is computed by its formula.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import pytest
from tests.spec.tables import head_of, rows_of

from ivigil.documents import parse_yaml
from ivigil.documents.schemas import check
from ivigil.kinetics.linear_light import LinearParameters, parameters_of
from ivigil.kinetics.people import Covariates
from ivigil.knowledge import data_folder
from ivigil.knowledge.kinetic_records import LinearModel

ROUNDING = 1e-14  # one power and one product, in the same order

# L/day, L, per day and g/L. BW and LBM in kg, IgM in g/L; SAD 1 with a secondary antibody deficiency, else 0.
PARAMETERS = """
| model             | CL                           | kel     | Vc                             | Q                   | Vp                   | F_sc  | F_fsc | ka    | baseline                        |
|-------------------|------------------------------|---------|--------------------------------|---------------------|----------------------|-------|-------|-------|---------------------------------|
| landersdorfer-2013 | .142                        |         | 3.94                           | .252                | 4.18                 | .660  |       | .439  | 4                               |
| dumas-2019        | .09216(BW/70)^.576           |         | 4.01                           |                     |                      | .739  |       | .096  |                                 |
| tortorici-2019    | .152(BW/72)^.796             |         | 3.08(BW/72)^1.1(8.75/3.08)^SAD | .825                | 1.8                  |       |       |       | 4                               |
| luo-2020          | .139(BW/58.7)^.881           |         | 4.01(BW/58.7)^.501             | .300                | 3.51                 | .668  |       | .506  | 4                               |
| zhang-2020        | .138(BW/66)^.768             |         | 3.95(BW/66)^.448               | .260                | 4.44                 | .676  |       | .444  | 4                               |
| lee-2021          | .0624(BW/27)^.88             |         | 2.77(BW/27)^.66                |                     |                      |       |       |       |                                 |
| li-2022           | .183(LBM/47)^.75             |         | 3.01(LBM/47)^1                 | .353(LBM/47)^.75    | 1.40(LBM/47)^1       | .705  | .794  | .395  | 6.15                            |
| navarro-mora-2022 | .150(BW/65.7)^.744           |         | 3.06(BW/65.7)^.686             | .474                | 1.93(BW/65.7)^1.04   | .705  |       | .246  | 4                               |
| cheng-2025        | .308(BW/70)^.75(.542/1)^SAD  |         | 3.59(BW/70)^1                  | 1.08(BW/70)^.75     | 7.37(BW/70)^1        |       |       |       | 5.67(.541/1)^SAD(IgM/.21)^.11   |
| tortorici-2021    | .435(BW/82)^.615             |         | 4.69(BW/82)^.773               | .50(BW/82)^.615     | 1.87(BW/82)^.773     | .824  |       | .439  | 12.5                            |
| li-2024-mmn-grip  |                              | .05832  | 6.48(LBM/56.54)^2.17           |                     |                      |       |       |       | 20.2                            |
| li-2024-mmn       |                              | .05784  | 6.59(LBM/56.54)^2.23           |                     |                      |       |       |       | 20.2                            |
| tegenge-2020      | .0027                        |         | .008                           | .045                | .055                 |       |       |       | 5                               |
"""  # noqa: E501 - a table

# Apparent variability between people in per cent. A parameter that is not named has none on record.
VARIABILITY = """
| model             | CL    | Vc    | Q     | Vp     | F_sc  | ka     | baseline |
|-------------------|-------|-------|-------|--------|-------|--------|----------|
| landersdorfer-2013 |      |       |       |        |       |        |          |
| dumas-2019        | 27.6  | 39.2  |       |        |       |        |          |
| tortorici-2019    | 53.1  | 75.4  |       |        |       |        |          |
| luo-2020          | 36.02 | 92.08 | 54.25 | 325.4  | 24.0  | 130.57 |          |
| zhang-2020        | 36.02 | 92.58 | 61.52 | 252.77 | 32.36 | 54.85  |          |
| lee-2021          | 13.97 | 8.00  |       |        |       |        |          |
| li-2022           | 45.9  | 20.4  |       |        |       |        |          |
| navarro-mora-2022 | 28.9  | 19.3  |       |        |       | 82.3   |          |
| cheng-2025        | 42.7  |       |       | 138.6  |       |        | 49.3     |
| tortorici-2021    | 28.0  | 23.0  |       |        |       |        |          |
| li-2024-mmn-grip  |       | 18.5  |       |        |       |        |          |
| li-2024-mmn       |       | 18.0  |       |        |       |        |          |
| tegenge-2020      | 52    | 22    |       | 29     |       |        |          |
"""

# Residual error as printed: "var" is a variance, else a standard deviation; "unusable" where that is not clear.
RESIDUAL = """
| model              | additive   | proportional |
|--------------------|------------|--------------|
| landersdorfer-2013 | none       | none         |
| dumas-2019         |            | .053         |
| tortorici-2019     | .930       | .071         |
| luo-2020           | unusable   | unusable     |
| zhang-2020         | var .00632 | var .0101    |
| lee-2021           |            | .1023        |
| li-2022            | unusable   | unusable     |
| navarro-mora-2022  | var .668   | var .00281   |
| cheng-2025         | .812       | .117         |
| tortorici-2021     |            | .121         |
| li-2024-mmn-grip   |            | var .00905   |
| li-2024-mmn        |            | var .00905   |
| tegenge-2020       |            | .09          |
"""

PEOPLE = {
    "a child": Covariates(20.0, lean_body_mass_kg=17.0, igm_g_per_l=0.1, secondary_deficiency=True, age_years=6.0),
    "an adult": Covariates(90.0, lean_body_mass_kg=62.0, igm_g_per_l=0.9, secondary_deficiency=False, age_years=50.0),
}
VARIANCE_ROUNDING = 1e-14  # square roots are on record with 15 digits
_FACTOR = re.compile(r"\(([^/()]+)/([^/()]+)\)\^([\w.]+)")


@cache
def model(key: str) -> LinearModel:
    name = f"kinetic-models/{key}.yaml"
    data, place = parse_yaml((data_folder() / name).read_bytes(), name)
    return check(LinearModel, data, place)


def by_formula(cell: str, who: Covariates) -> float:
    """What a cell gives for a person, by the formula as it is printed."""
    known = {"BW": who.weight_kg, "LBM": who.lean_body_mass_kg, "IgM": who.igm_g_per_l}
    value = float(cell.split("(", maxsplit=1)[0])
    for above, below, power in _FACTOR.findall(cell):
        base = (known[above] if above in known else float(above)) / float(below)
        value *= base ** (float(bool(who.secondary_deficiency)) if power == "SAD" else float(power))
    return value


def by_data(found: LinearParameters, name: str) -> float | None:
    return {
        "CL": found.clearance_l_per_day,
        "kel": found.clearance_l_per_day / found.central_l,
        "Vc": found.central_l,
        "Q": found.between_l_per_day or None,
        "Vp": found.peripheral_l or None,
        "F_sc": found.bioavailable.get("subcutaneous"),
        "F_fsc": found.bioavailable.get("facilitated subcutaneous"),
        "ka": found.absorption_per_day,
        "baseline": found.baseline_g_per_l,
    }[name]


CELLS = [
    (row[0], name, cell)
    for row in rows_of(PARAMETERS)
    for name, cell in zip(head_of(PARAMETERS)[1:], row[1:], strict=True)
    if not (name in {"CL", "kel"} and not cell)  # each of the two follows from the other
]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("key", "name", "cell"), CELLS)
def test_a_printed_parameter_is_what_the_data_give(key: str, name: str, cell: str, who: str) -> None:
    found = by_data(parameters_of(model(key), PEOPLE[who]), name)
    assert found == (pytest.approx(by_formula(cell, PEOPLE[who]), rel=ROUNDING) if cell else None)


@pytest.mark.parametrize("row", rows_of(VARIABILITY), ids=lambda row: row[0])
def test_variability_is_on_record_where_it_is_printed(row: list[str]) -> None:
    held = model(row[0])
    found = {one.name: one.cv_percent for one in held.parameters} | {"baseline": held.baseline.cv_percent}
    printed = {name: Decimal(cell) for name, cell in zip(head_of(VARIABILITY)[1:], row[1:], strict=True) if cell}
    assert {name: value for name, value in found.items() if value is not None} == printed


@pytest.mark.parametrize("row", rows_of(RESIDUAL), ids=lambda row: row[0])
def test_residual_error_is_a_standard_deviation_where_it_is_clear(row: list[str]) -> None:
    held = model(row[0]).residual
    if "none" in row or held is None:
        assert row[1:] == ["none", "none"]
        assert held is None
        return
    assert held.usable == ("unusable" not in row)
    for cell, value in zip(row[1:], (held.additive_sd_g_per_l, held.proportional_sd), strict=True):
        squared = cell.startswith("var")
        if cell in {"", "unusable"}:
            assert value is None
        else:
            printed = float(cell.removeprefix("var"))
            assert float(value or 0) ** (2 if squared else 1) == pytest.approx(printed, rel=VARIANCE_ROUNDING)


def test_every_model_on_record_stands_in_every_table() -> None:
    on_record = {path.stem for path in (data_folder() / "kinetic-models").glob("*.yaml")}
    for table in (PARAMETERS, VARIABILITY, RESIDUAL):
        assert {row[0] for row in rows_of(table)} == on_record
