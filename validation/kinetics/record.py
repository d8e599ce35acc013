"""The record of the recycling model: its figures with where each comes from, and its text as a file of knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from volumes import WEIGHT_KG, Volumes

from ivigil.kinetics.scenarios import asked
from ivigil.knowledge import Passage, data_folder
from ivigil.knowledge.kinetic_records import FcRnModel, FigureStatus, KineticTarget, LinearModel, ModelFigure
from ivigil.knowledge.library import Library

ID = "competition-70kg"
SCRIPT = "validation/kinetics/calibrate.py"
PATH = data_folder() / "fcrn-models" / f"{ID}.yaml"
FITTED = ("uptake", "receptor", "affinity")
# The record keeps as many digits as reproduce every value of the report.
DIGITS = 4
# Its exponents of weight were fixed at the customary values; its children span 3 to 95 kg.
SCALED_AS = "cheng-2025"
# The target whose scenario holds the level of healthy adults.
HEALTHY = "catabolism-without-fcrn"
MEANS = "geometric mean of seven published models of adults on two compartments"
SKIN = "geometric mean of the published models of adults under the skin, without that of 2022 by Li"
NOTE = (
    "A calibration of our own, not a published model: its figures are not evidence. Three are fitted; what was held "
    "out, and where the model fails, stands in validation/kinetics/targets.md. The rise of IgG after a large dose "
    "hangs on the volumes: see validation/kinetics/README.md."
)


def model_of(library: Library, volumes: Volumes, fitted: Sequence[float]) -> FcRnModel:
    """The model; ``fitted`` are uptake in L/day, receptor and affinity in g/L."""
    return FcRnModel(
        id=ID,
        title="Recycling by FcRn that all IgG shares, calibrated for adults of 70 kg",
        figures=(*_fitted(fitted), *_held(volumes), *_taken(library)),
        passage=Passage(
            "junghans-1997", "introduction: a saturable receptor that protects IgG, and no feedback on synthesis"
        ),
        fitted_to=tuple(one.id for one in fitted_targets(library)),
        script=SCRIPT,
        note=NOTE,
    )


def fitted_targets(library: Library) -> list[KineticTarget]:
    """The targets of this model that are used in the fit, in order of id."""
    targets = sorted(library.kinetics.targets.values(), key=lambda one: one.id)
    return [one for one in targets if one.used_in_fit and one.model == ID]


def _fitted(values: Sequence[float]) -> Iterator[ModelFigure]:
    texts = (
        ("L/d", "fluid with IgG taken up, of which FcRn brings back a share; fitted"),
        ("g/L", "binding places of FcRn, told as IgG in plasma; fitted"),
        ("g/L", "free IgG at which half the places are taken; fitted"),
    )
    for name, found, (unit, text) in zip(FITTED, values, texts, strict=True):
        yield ModelFigure(name, rounded(found), unit, "model", text, script=SCRIPT)


def _held(volumes: Volumes) -> Iterator[ModelFigure]:
    figures = (
        ("central volume", volumes.central_l, "L", MEANS),
        ("peripheral volume", volumes.peripheral_l, "L", MEANS),
        ("exchange", volumes.between_l_per_day, "L/d", MEANS),
        ("absorption", volumes.absorption_per_day, "/d", f"from under the skin; {SKIN}"),
        ("bioavailability", volumes.bioavailable, "1", f"under the skin; {SKIN}"),
    )
    for name, found, unit, text in figures:
        yield ModelFigure(name, rounded(found), unit, "derived", text, script=SCRIPT)


def _taken(library: Library) -> Iterator[ModelFigure]:
    scaled = library.kinetics.models[SCALED_AS]
    healthy = library.kinetics.targets[HEALTHY]
    own = Decimal(str(asked(healthy.scenario).given["own_g_per_l"]))
    code: FigureStatus = "read in code that transcribes the source"
    yield ModelFigure("reference weight", rounded(WEIGHT_KG), "kg", "model", "the weight at which the figures stand")
    for name, parameter in (("exponent of volumes", "Vc"), ("exponent of flows", "CL")):
        text = "how it goes with weight: assumed as in a model of children"
        yield ModelFigure(name, _exponent(scaled, parameter), "1", code, text, passage=scaled.passage)
    text = "before treatment, where no level is known: healthy adults"
    yield ModelFigure("own IgG", own, "g/L", code, text, passage=Passage(healthy.passage.source, "baseline of IgG"))


def _exponent(model: LinearModel, parameter: str) -> Decimal:
    (one,) = (one for one in model.parameters if one.name == parameter)
    (found,) = (effect.exponent for effect in one.covariates if effect.covariate == "body weight")
    return found or Decimal(0)


def rounded(found: float) -> Decimal:
    """The figure with the digits that the record keeps."""
    return Decimal(f"{found:.{DIGITS}g}")


def with_fitted(model: FcRnModel, values: Sequence[float]) -> FcRnModel:
    """The model with other fitted figures, not rounded."""
    new = {name: Decimal(repr(float(found))) for name, found in zip(FITTED, values, strict=True)}
    return replace(model, figures=tuple(replace(one, value=new.get(one.name, one.value)) for one in model.figures))


def as_recorded(model: FcRnModel) -> FcRnModel:
    """The model with its fitted figures as the record keeps them."""
    values = {one.name: float(one.value) for one in model.figures}
    return with_fitted(model, [float(rounded(values[name])) for name in FITTED])


def record_text(model: FcRnModel) -> str:
    """The record as a file of knowledge."""
    lines = [f"id: {model.id}", f'title: "{model.title}"', "figures:"]
    for one in model.figures:
        lines += _figure_lines(one)
    lines += [f"passage: {_passage(model.passage)}", "fitted_to:"]
    lines += [f"  - {one}" for one in model.fitted_to]
    lines += [f"script: {model.script}", f'note: "{model.note}"']
    return "\n".join(lines) + "\n"


def _figure_lines(one: ModelFigure) -> Iterator[str]:
    yield f"  - name: {one.name}"
    yield f"    value: {one.value}"
    yield f'    unit: "{one.unit}"'
    yield f"    status: {one.status}"
    yield f'    text: "{one.text}"'
    if one.passage:
        yield f"    passage: {_passage(one.passage)}"
    if one.script:
        yield f"    script: {one.script}"


def _passage(one: Passage) -> str:
    return f'{{source: {one.source}, place: "{one.place}"}}'
