"""The bedside sheet: what it says, that it is one page, and that nothing is left out without a word.

What is printed is read back from the PDF itself, by its own table of glyphs; blanks do not count.
"""

from __future__ import annotations

import re
import sys
import zlib
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest
from tests.unit.review.judged import library, one

from ivigil.documents import BadInput
from ivigil.dosing.infusion import Timetable
from ivigil.explain import sheet as made
from ivigil.explain.citing import NOT_A_DEVICE
from ivigil.explain.sheet import Sheet, bedside_sheet, sheet
from ivigil.knowledge.dosing_records import LadderStep
from ivigil.review import Decision
from ivigil.review.infusion_plan import InfusionPlan, Settings
from ivigil.review.plan import Plan, plan_course, plan_decision

SMALLEST_PT = 7.5
MORNING = datetime.fromisoformat("2026-11-23T09:00")  # as a ward's clock shows it
COURSE = "request_phase: initial, request_total_dose_per_kg: 2 g/kg, request_infusion_days: 5 d"
BODY = "weight: 82 kg, height: 175 cm, sex: male, age: 50 a"
CASES = {
    "steps": (f"indication: cidp, {COURSE}", BODY, "octagam-10-us"),
    "at risk": (f"indication: cidp, {COURSE}", f"{BODY}, heart_failure: true, smoking: true", "octagam-10-us"),
    "only limits": (f"indication: cidp, {COURSE}", BODY, "panzyga-us"),
    "under the skin": (f"indication: cidp, {COURSE}", BODY, "cutaquig-us"),
    "open": ("indication: guillain-barre", BODY, "bivigam-us"),
    "no dose": ("indication: cidp", "age: 50 a", "octagam-10-us"),
}
HOSTILE = (
    '#panic("x")',
    "a]#[b",
    "*b* _i_ `r`",
    "$x^2$ <tag> @ref",
    "// c /* d */",
    "\\u{41} {{x}}",
    "= h\n- l -- m",
    "'q' \"r\"",
    '{"sheet": 1}',
)


@pytest.fixture(scope="module")
def typst() -> None:
    pytest.importorskip("typst", reason="the extra `report` is not installed, so no PDF of a bedside sheet is tested")


@cache
def planned(name: str, start: datetime | None = MORNING) -> tuple[Decision, Plan, InfusionPlan]:
    request, facts, product = CASES[name]
    decision = one(f"request: {{{request}}}\nfacts: {{{facts}}}\n")
    plan = plan_decision(decision, library(), Settings(products=(product,), start=start))
    assert plan is not None
    return decision, plan, plan.infusions[0]


def short(name: str) -> tuple[Decision, Plan, InfusionPlan]:
    """As planned, with so little to do that there is room for the picture."""
    decision, plan, infusion = planned(name)
    return decision, replace(plan, checklist=plan.checklist[:5], hazards=plan.hazards[:2]), infusion


def content(name: str, start: datetime | None = MORNING) -> Sheet:
    return sheet(*planned(name, start), library().catalogue)


def pdf_of(decision: Decision, plan: Plan, infusion: InfusionPlan) -> bytes:
    return bedside_sheet(decision, plan, infusion, library().catalogue)


@cache
def pdf(name: str) -> bytes:
    return pdf_of(*planned(name))


_INSIDE = rb"(?:\\.|[^\\()])*"
for _ in range(4):  # brackets inside brackets stand for themselves where they are balanced
    _INSIDE = rb"(?:\\.|[^\\()]|\(" + _INSIDE + rb"\))*"


class Printed:
    """A PDF as far as these tests read it."""

    def __init__(self, content: bytes) -> None:
        found = re.findall(rb"(\d+) 0 obj(.*?)endobj", content, re.DOTALL)
        self.objects: dict[bytes, bytes] = dict(found)
        self.pages = [body for body in self.objects.values() if re.search(rb"/Type\s*/Page\b", body)]
        fonts = {font: self._reference(self.objects[number], rb"ToUnicode") for font, number in self._fonts()}
        self.letters = {font: self._table(self._stream(number)) for font, number in fonts.items()}
        self.drawn = b"".join(self._stream(self._reference(page, rb"Contents")) for page in self.pages)
        self.text = "".join(self._text())

    @property
    def squeezed(self) -> str:
        return squeezed(self.text)

    def roles(self, role: str) -> int:
        return sum(bool(re.search(rf"/S\s*/{role}\b".encode(), body)) for body in self.objects.values())

    @staticmethod
    def _reference(body: bytes, key: bytes) -> bytes:
        found = re.search(rb"/" + key + rb"\s*(\d+) 0 R", body)
        assert found
        return found[1]

    def _fonts(self) -> set[tuple[bytes, bytes]]:
        resources = b"".join(body for body in self.objects.values() if b"/Font" in body)
        return set(re.findall(rb"/(f\d+)\s+(\d+) 0 R", resources))

    def _stream(self, number: bytes) -> bytes:
        return zlib.decompressobj().decompress(self.objects[number].partition(b"stream")[2].lstrip(b"\r\n"))

    @staticmethod
    def _table(table: bytes) -> dict[int, str]:
        pairs = re.findall(rb"<(\w{4})> <(\w+)>", table.partition(b"endcodespacerange")[2])
        return {int(glyph, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for glyph, letters in pairs}

    def _text(self) -> list[str]:
        string = rb"(?:\(" + _INSIDE + rb"\)|<[0-9A-Fa-f]*>)"
        tokens = rb"/(f\d+) [\d.]+ Tf|(\[(?:" + string + rb"|[-\d. ])*\]\s*TJ|" + string + rb"\s*Tj)"
        font, found = b"", []
        for name, line in re.findall(tokens, self.drawn, re.DOTALL):
            font = name or font
            raw = b"".join(unescaped(part) for part in re.findall(string, line, re.DOTALL))
            found += [self.letters[font][raw[at] << 8 | raw[at + 1]] for at in range(0, len(raw), 2)]
        return found


def unescaped(string: bytes) -> bytes:
    """A string of a PDF, with its brackets, as the bytes that it stands for."""
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def byte(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8)]) if code.isdigit() else named.get(code, code)

    if string.startswith(b"<"):
        return bytes.fromhex(string[1:-1].decode())
    return re.sub(rb"\\([0-7]{1,3}|.)", byte, string[1:-1], flags=re.DOTALL)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def items(of: Sheet) -> list[made.Item]:
    return [item for group in of.checklist for item in group.items]


@pytest.mark.usefixtures("typst")
@pytest.mark.parametrize("name", CASES)
def test_it_is_one_page_of_a4_that_can_be_read(name: str) -> None:
    printed = Printed(pdf(name))
    assert len(printed.pages) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 595\.27\d+ 841\.88\d+\]", printed.pages[0])
    sizes = [float(size) for size in re.findall(rb"/f\d+ ([\d.]+) Tf", printed.drawn)]
    assert min(sizes) >= SMALLEST_PT


@pytest.mark.usefixtures("typst")
def test_the_same_plan_gives_the_same_bytes_dated_by_the_decision() -> None:
    assert pdf_of(*planned("steps")) == pdf("steps")
    assert b"/CreationDate(D:20261120" in pdf("steps").replace(b" ", b"")


@pytest.mark.usefixtures("typst")
@pytest.mark.parametrize("name", CASES)
def test_all_that_the_sheet_says_is_printed_in_order(name: str) -> None:
    """Every value of the content stands in the PDF, but for the items that the sheet says are left out."""
    whole, text = content(name), Printed(pdf(name)).squeezed
    said = [whole.case, *whole.verdict, whole.product, *whole.fit, whole.dose, *whole.vials]
    for day in whole.days:
        said += [day.title, day.summary]
        said += ["".join(row) for row in (day.table.columns, *day.table.rows)] if day.table else []
    said += [*whole.limits, *("".join(hazard) for hazard in whole.hazards), *whole.footer]
    assert [one for one in said if squeezed(one) not in text] == []
    gone = [one for one in items(whole) if squeezed(f"{one.lead}{one.text}{one.days}{one.asks}") not in text]
    listed = text.partition("Checklist")[2].partition("HazardsHazard")[0]
    counted = re.findall(r"and(\d+)more:seethefullanswer", listed)
    assert sum(map(int, counted)) == len(gone)


@pytest.mark.usefixtures("typst")
def test_every_step_of_every_kind_of_day_is_printed() -> None:
    decision, plan, infusion = short("at risk")
    _, _, other = planned("steps")
    schedule, second = infusion.schedule, other.schedule
    assert isinstance(schedule, Timetable)
    assert isinstance(second, Timetable)
    day = replace(second.days[0], number=6, volume_ml=second.days[0].volume_ml + 1)
    mixed = replace(schedule, days=(*schedule.days, day))
    text = Printed(pdf_of(decision, plan, replace(infusion, schedule=mixed))).squeezed
    assert "Days1to5(2026-11-23to2026-11-27)" in text
    assert "Day6(2026-11-23)" in text
    for step in (*schedule.days[0].steps, *day.steps):
        assert step.starts
        assert step.ends
        assert f"{step.starts:%H:%M}{step.ends:%H:%M}{step.rate.shown_ml_per_h}" in text


@pytest.mark.usefixtures("typst")
@pytest.mark.parametrize("name", HOSTILE)
def test_the_name_of_a_case_is_text_and_nothing_else(name: str) -> None:
    decision, plan, infusion = short("no dose")
    text = Printed(pdf_of(replace(decision, case=name), plan, infusion)).squeezed
    assert f"Case:{squeezed(name)}Name" in text


@pytest.mark.usefixtures("typst")
def test_a_letter_that_no_font_has_is_written_by_its_number() -> None:
    decision, plan, infusion = short("no dose")
    strange = replace(decision, case="e\u0301 中\u200b\U0001f600\ud800.yaml")
    assert "Case:é[U+4E2D][U+200B][U+1F600][U+D800].yamlName" in Printed(pdf_of(strange, plan, infusion)).squeezed


@pytest.mark.usefixtures("typst")
def test_the_fonts_have_every_letter_that_is_not_written_by_its_number() -> None:
    decision, _, _ = planned("no dose")
    shown = [chr(code) for code in range(0x20, 0x2400) if made._letter(chr(code)) == chr(code)]
    assert len(shown) > 1500
    letters = replace(content("no dose"), vials=(" ".join(shown),), checklist=(), hazards=())
    assert made._pdf(letters, decision.today).startswith(b"%PDF")


@pytest.mark.usefixtures("typst")
def test_a_reader_that_speaks_finds_its_way() -> None:
    content = pdf_of(*short("steps"))
    printed, xmp = Printed(content), content.decode("latin-1")
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert re.search(r"/Lang\s*\(en-GB\)", xmp)
    assert "Immunoglobulin infusion: bedside sheet: case.yaml" in xmp
    assert printed.roles("H1") == 1
    assert printed.roles("H2") == 4
    assert printed.roles("Figure") == 1
    assert "Rate over time, in steps: 49.2 mL/h from 09:00 to 09:30; 98.4 mL/h from 09:30" in xmp
    assert printed.roles("TH") == 5 + 3


@pytest.mark.usefixtures("typst")
def test_rates_that_fill_more_than_a_page_are_refused() -> None:
    decision, plan, infusion = short("steps")
    assert isinstance(infusion.schedule, Timetable)
    day = infusion.schedule.days[0]
    days = tuple(replace(day, number=number, volume_ml=day.volume_ml + number) for number in range(1, 40))
    many = replace(infusion, schedule=replace(infusion.schedule, days=days))
    with pytest.raises(BadInput, match="fills more than one page"):
        pdf_of(decision, plan, many)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(BadInput, match=r"extra `report` is not installed; expected pip install 'ivigil\[report\]'"):
        pdf_of(*planned("no dose"))


def test_it_says_verdict_product_dose_vials_and_rules() -> None:
    said = content("steps")
    assert said.verdict == ("Chronic inflammatory demyelinating polyneuropathy: supported",)
    assert said.product == "Octagam 10%, 100 mg/mL (Octapharma; label US)"
    assert said.dose.startswith("32.8 g a day on 5 days, 164 g in all (")
    assert said.vials == ("Vials for 32.8 g: 1 × 20 g + 1 × 5 g + 4 × 2 g, 0.2 g left over.", "Rates go by 82 kg.")
    decision, _, _ = planned("steps")
    head = decision.rules.head
    for part in (head.id, head.version, decision.rules.hash[:12], decision.knowledge_hash[:12], "2026-11-20"):
        assert part in said.footer[0]
    assert said.footer[1] == NOT_A_DEVICE


def test_the_timetable_goes_by_the_clock_or_from_the_start() -> None:
    (day,), (without,) = content("steps").days, content("steps", None).days
    assert day.table
    assert without.table
    assert day.title == "Days 1 to 5 (2026-11-23 to 2026-11-27)"
    assert day.table.rows[0] == ("09:00", "09:30", "49.2", "0.6", "24.6")
    assert day.table.rows[-1] == ("10:00", "11:43", "147.6", "1.8", "328")
    assert without.title == "Days 1 to 5"
    assert without.table.rows[0][:2] == ("0:00", "0:30")
    assert [step[1] for step in day.steps][-1] == max(step[2] for step in day.steps) == 1


def test_an_end_after_midnight_says_so() -> None:
    (day,) = content("steps", MORNING.replace(hour=22, minute=30)).days
    assert day.table
    assert [row[1] for row in day.table.rows] == ["23:00", "23:30", "01:13 next day"]


def test_a_limit_comes_with_its_question_once() -> None:
    (limit, *notes) = content("steps").limits
    assert "Here at most 147.6 mL/h." in limit
    assert "Is the patient at risk? It turns on: diabetes, kidney disease" in limit
    assert re.search(r"and \d+ more: see the full answer\.$", limit)
    assert not any("Patients at risk" in note for note in notes)


def test_fluid_that_may_do_harm_is_shown_as_not_advised() -> None:
    (fluid,) = [one for one in items(content("steps")) if "enough fluid" in one.text]
    assert (fluid.lead, fluid.ticked, fluid.rank) == ("Not advised:", False, 0)
    assert "only once this is known to be absent: Heart failure" in fluid.text
    (known,) = [one for one in items(content("at risk")) if "enough fluid" in one.text]
    assert "It can do harm here, because of this: Heart failure." in known.text


def test_each_thing_to_do_is_on_the_list_with_its_days_and_its_question() -> None:
    _, plan, _ = planned("steps")
    before, during, after, reaction = content("steps").checklist
    assert len(items(content("steps"))) == len(plan.checklist)
    assert before.title == "Before (by 2026-11-23)"
    assert during.title == "During (2026-11-23 to 2026-11-27)"
    assert (after.title, reaction.title) == ("After", "If a reaction comes")
    assert all(one.days for one in after.items)
    assert not any(one.ticked for one in reaction.items)
    asked = {one.text: one.asks for one in items(content("steps"))}
    assert asked["Have adrenaline at hand."] == ""
    assert asked["Test for haemolysis within 36 hours in patients with anaemia."] == (
        "If it applies: Does the patient have anaemia?"
    )
    assert asked["Keep a fluid balance and watch vital signs with oxygen saturation."] == (
        "If it applies: heart failure, fluid overload, kidney disease or low albumin?"
    )


def test_less_room_leaves_out_one_item_after_another_and_counts_them() -> None:
    whole = content("steps")
    drafts = list(made._drafts(whole))
    sizes = [float(draft.size_pt) for draft in drafts]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == SMALLEST_PT
    cut = [draft for draft in drafts if items(draft) != items(whole)]
    assert [len(items(whole)) - len(items(draft)) for draft in cut] == list(range(1, len(cut) + 1))
    assert all(float(draft.size_pt) == SMALLEST_PT and not draft.with_chart for draft in cut)
    for draft in cut:
        for group, full in zip(draft.checklist, whole.checklist, strict=True):
            left = len(full.items) - len(group.items)
            assert group.more == (f"and {left} more: see the full answer" if left else "")


def test_what_is_withheld_and_what_is_certain_to_be_done_is_never_left_out() -> None:
    whole = content("steps")
    *_, least = made._drafts(whole)
    before, during, after, reaction = least.checklist
    assert {one.lead for one in before.items} == {"", "Not advised:"}
    assert not any(one.asks for one in items(least))
    assert {"Have adrenaline at hand.", "Measure creatinine before the infusion."} <= {one.text for one in before.items}
    assert len(during.items) == 2
    assert len(after.items) == 10
    assert reaction.items == ()


def test_first_to_go_is_what_is_open_and_last_what_a_reaction_calls_for() -> None:
    whole = content("steps")
    everything = {one.text: one for one in items(whole)}
    drafts = [{one.text for one in items(draft)} for draft in made._drafts(whole)]
    gone = [everything[text] for wide, narrow in pairwise(drafts) for text in wide - narrow]
    assert [bool(one.asks) for one in gone] == sorted((bool(one.asks) for one in gone), reverse=True)
    assert gone[0].text.startswith("Weigh benefit and risk")
    assert [one.ticked for one in gone] == sorted((one.ticked for one in gone), reverse=True)


def test_a_product_that_may_not_fit_says_what_to_ask() -> None:
    fit = content("steps").fit
    assert fit[0] == "It is not settled whether this product fits the patient."
    assert fit[1].startswith("Ask first: corn allergy")


def test_hazards_name_what_is_there_and_what_is_not_known() -> None:
    hazards = {name: (present, unknown) for name, present, unknown in content("at risk").hazards}
    assert "Heart failure." in hazards["Hypertension and fluid overload"][0]
    assert hazards["Neutropenia"][0] == "none known"
    assert re.search(r", .* and \d+ more: see the full answer$", hazards["Arterial or venous thromboembolism"][1])


def test_without_a_dose_it_says_so_and_gives_no_rates() -> None:
    said = content("no dose")
    (day,) = said.days
    assert said.dose == "Dose in grams not known"
    assert day.title.startswith("No rates: No dose in grams is known")
    assert day.table is None
    assert said.vials == said.limits == ()


def test_a_label_without_steps_gives_its_limits_and_no_picture() -> None:
    (day,) = content("only limits").days
    assert "from 49.2 to at most 162.3 mL/h; the label prints no steps between" in day.summary
    assert day.table is None
    assert day.steps == ()


def test_under_the_skin_each_site_has_its_volume_and_rate() -> None:
    (day,) = content("under the skin").days
    assert "mL under the skin, 4 sites of" in day.summary
    assert day.table
    assert day.table.columns[2:4] == ("mL/h, all sites", "mL/h a site")


def test_a_dose_moved_under_the_skin_comes_with_its_weeks_and_the_way_up() -> None:
    decision, _, _ = planned("under the skin")
    settings = Settings(products=("hyqvia-us",), iv_every_weeks=Decimal(4), sc_every_weeks=Decimal(4))
    # The label gives its factor in primary immunodeficiency, which the rule set at hand does not appraise.
    plan = plan_course(decision.known, (), library(), decision.today, settings=settings, named=settings.products)
    said = sheet(decision, plan, plan.infusions[0], library().catalogue)
    assert said.dose == "164 g every 4 weeks (in place of 164 g intravenously every 4 weeks)"
    assert said.vials[-1] == (
        "The label's way up to the full dose: 41 g in week 1, 82 g in week 2, 123 g in week 4 and 164 g in week 7."
    )


def test_the_place_s_own_protocol_for_reactions_stands_last_and_stays() -> None:
    decision, plan, infusion = planned("steps")
    own = replace(plan, ladder=(LadderStep("severe", "Stop, and call the team."),))
    *_, least = made._drafts(sheet(decision, own, infusion, library().catalogue))
    assert least.checklist[-1].title == "In a reaction, by this place's own protocol"
    assert [(one.lead, one.text) for one in least.checklist[-1].items] == [("Severe:", "Stop, and call the team.")]


def test_a_long_name_of_a_case_ends_in_dots() -> None:
    decision, plan, infusion = planned("no dose")
    said = sheet(replace(decision, case="x" * 90), plan, infusion, library().catalogue)
    assert said.case == "x" * 39 + "…"
    assert "x" * 40 not in said.footer[0]
