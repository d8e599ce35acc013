"""An answer on a terminal: calm, in words first, colour second."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich.box import SIMPLE
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ivigil.explain.comparison import Cell, Comparison
from ivigil.explain.layout import Answer, Row, Section
from ivigil.explain.layout import Table as GivenTable
from ivigil.explain.words import TONES, plain

# Colour only repeats what the words say.
_VERDICT_STYLES = {
    "supported": "green",
    "not-supported": "red",
    "avoid": "bold red",
    "panel-review": "magenta",
    "out-of-scope": "blue",
    "needs-information": "yellow",
}
_TONE_STYLES = {"yes": "green", "no": "red", "open": "yellow"}
_TAG_WIDTH = 17
WIDTH = 100


class _Terminal(Console):
    """A console that leaves it to the command what a reader who went away means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def print_answer(answer: Answer, *, everything: bool = False) -> None:
    """Print the answer on standard output, as wide as the terminal but no wider than is good to read."""
    console = _Terminal(highlight=False)
    console.width = min(console.width, WIDTH)
    console.print(render(answer, everything=everything))


def print_sections(title: str, sections: Sequence[Section], *, everything: bool = False) -> None:
    """Print sections under a title, as wide as is good to read; folded ones only with ``everything``."""
    console = _Terminal(highlight=False)
    console.width = min(console.width, WIDTH)
    console.print(Text(plain(title), style="bold"))
    shown = [section for section in sections if everything or not section.folded]
    console.print(Group(*(_section(section) for section in shown)))


def print_comparison(comparison: Comparison) -> None:
    """Print what several rule sets say side by side, as wide as the terminal."""
    console = _Terminal(highlight=False)
    console.print(render_comparison(comparison))


def render_comparison(comparison: Comparison) -> RenderableType:
    """The comparison as a table with a column for each rule set, and below it where sources differ."""
    title = Text(f"{plain(comparison.subject)} · {plain(comparison.case)}", style="bold")
    table = Table(title=title, title_justify="left", show_lines=True)
    table.add_column("", ratio=1)
    for body in comparison.bodies:
        table.add_column(Text(plain(body)), ratio=2)
    for aspect in comparison.aspects:
        table.add_row(Text(aspect.name, style="bold"), *(_cell(cell) for cell in aspect.cells))
    parts: list[RenderableType] = [table]
    if comparison.differences:
        parts.append(_section(Section("Where sources differ", comparison.differences)))
    return Group(*parts)


def _cell(cell: Cell) -> Text:
    return Text("\n".join(plain(line) for line in cell)) if cell else Text("says nothing here", style="dim")


def render(answer: Answer, *, everything: bool = False) -> RenderableType:
    """The answer as something rich can print; folded sections only with ``everything``."""
    sections = [section for section in answer.sections if everything or not section.folded]
    hidden = [section for section in answer.sections if section not in sections]
    parts: list[RenderableType] = [_head(answer), *(_section(section) for section in sections)]
    if hidden:
        names = " and ".join(f"{section.title.lower()} ({len(section.rows)})" for section in hidden)
        parts.append(Text(f"Also: {names}; shown with --all.", style="dim"))
    return Group(*parts, Text("\n".join(plain(line) for line in answer.footer), style="dim"))


def _head(answer: Answer) -> Panel:
    style = _VERDICT_STYLES[answer.verdict]
    body = Text(plain(answer.reason))
    if answer.may_start:
        body.append(f"\n{plain(answer.may_start)}", style="bold")
    title = Text(f" {answer.verdict_words.upper()} · {plain(answer.subject)} ", style=style)
    return Panel(body, title=title, title_align="left", border_style=style, padding=(0, 1))


def _section(section: Section) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=_TAG_WIDTH)
    table.add_column(ratio=1)
    for row in section.rows:
        _add(table, row, 0)
    parts: list[RenderableType] = [Text(section.title, style="bold")]
    if section.table:
        parts.append(Padding(_table(section.table), (0, 0, 0 if section.rows else 1, 2)))
    if section.rows:
        parts.append(Padding(table, (0, 0, 1, 2)))
    return Group(*parts)


def _table(given: GivenTable) -> Table:
    table = Table(box=SIMPLE, padding=(0, 1, 0, 0), show_edge=False)
    for place, column in enumerate(given.columns):
        table.add_column(Text(plain(column)), justify="left" if place == 0 else "right", overflow="fold")
    for row in given.rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table


def _add(table: Table, row: Row, depth: int) -> None:
    tag = Text(row.tag or "", style=_TONE_STYLES.get(TONES.get(row.tag or "", ""), "cyan"))
    text = Text("  " * depth + plain(row.text))
    for detail in row.details:
        text.append(f"\n{'  ' * depth}{plain(detail)}", style="dim")
    table.add_row(tag, text)
    for member in row.members:
        _add(table, member, depth + 1)


def terminal_svg(answer: Answer, title: str) -> str:
    """The terminal answer as a picture (SVG), for documentation; it loads nothing from outside."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(render(answer))
    return console.export_svg(title=title, code_format=_SVG)


_SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>An answer of ivigil on a terminal</title>
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
    font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
