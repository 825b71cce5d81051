"""Draws charts side by side, as SVG: lines over a number, and bars made of parts.

Axes begin at 0 and end where the data ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from math import floor, log10
from typing import Final

Points = Sequence[tuple[float, float]]

WIDTH: Final = 420
HEIGHT: Final = 300
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 44, 48
MARGIN: Final = 16
"""Left of bars, whose names stand above them."""
COLOURS: Final = ("#c2410c", "#1d4ed8")
PART_COLOURS: Final = ("#0f766e", "#d6d3d1")
MOST_STEPS: Final = 5
"""Between the ticks of an axis."""


@dataclass(frozen=True)
class Lines:
    """A chart: its title, what is on its axes, and one line per name."""

    title: str
    x_label: str
    lines: Mapping[str, Points]
    unit: str = ""


@dataclass(frozen=True)
class Bars:
    """A chart of lying bars: its title, the names of the parts of each bar, what is measured, and a bar per name."""

    title: str
    parts: Sequence[str]
    x_label: str
    bars: Mapping[str, Sequence[float]]


def svg(charts: Sequence[Lines | Bars]) -> str:
    """An SVG document of all charts, on a white ground so that it can be read on any page."""
    width = WIDTH * len(charts)
    drawn = "\n".join(
        f'<g transform="translate({WIDTH * number} 0)">\n{_chart(chart)}\n</g>' for number, chart in enumerate(charts)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" '
        f'font-family="sans-serif" font-size="11" fill="#333">\n'
        f'<rect width="{width}" height="{HEIGHT}" fill="#fff"/>\n{drawn}\n</svg>\n'
    )


@dataclass(frozen=True)
class _Axis:
    """Leads from 0, at the place `begin`, to `end`, the greatest number, at the place `until`."""

    end: float
    begin: float
    until: float

    def place(self, value: float) -> float:
        return round(self.begin + value / self.end * (self.until - self.begin), 1)

    def ticks(self) -> Iterator[float]:
        """Round numbers up to the end."""
        power = 10.0 ** floor(log10(self.end / MOST_STEPS))
        step = next(step * power for step in (1, 2, 5, 10) if step * power * MOST_STEPS >= self.end)
        return takewhile(lambda value: value <= self.end, (step * number for number in count()))


def _chart(chart: Lines | Bars) -> str:
    return "\n".join(_lines(chart) if isinstance(chart, Lines) else _bars(chart))


def _lines(chart: Lines) -> Iterator[str]:
    points = [point for line in chart.lines.values() for point in line]
    across = _Axis(max(x for x, _ in points), LEFT, WIDTH - RIGHT)
    up = _Axis(max(y for _, y in points), HEIGHT - BOTTOM, TOP)
    yield _text(LEFT, 18, chart.title, 'font-size="13" font-weight="bold"')
    for value in up.ticks():
        yield f'<path d="M{LEFT} {up.place(value)}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield _text(LEFT - 6, up.place(value) + 4, f"{_number(value)}{chart.unit}", 'text-anchor="end"')
    yield from _below(across, chart.x_label)
    for number, ((name, line), colour) in enumerate(zip(chart.lines.items(), COLOURS, strict=False)):
        places = [(across.place(x), up.place(y)) for x, y in line]
        path = "L".join(f"{x} {y}" for x, y in places)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places)
        yield _text(LEFT + 150 * number, 36, name, f'fill="{colour}"')


def _bars(chart: Bars) -> Iterator[str]:
    across = _Axis(max(map(sum, chart.bars.values())), MARGIN, WIDTH - RIGHT)
    yield _text(MARGIN, 18, chart.title, 'font-size="13" font-weight="bold"')
    for number, (name, colour) in enumerate(zip(chart.parts, PART_COLOURS, strict=True)):
        yield f'<rect x="{MARGIN + 150 * number}" y="28" width="8" height="8" fill="{colour}"/>'
        yield _text(MARGIN + 12 + 150 * number, 36, name)
    height = (HEIGHT - TOP - BOTTOM) / len(chart.bars)
    for number, (name, parts) in enumerate(chart.bars.items()):
        top = TOP + number * height
        yield _text(MARGIN, round(top + height * 0.4, 1), name)
        begin = 0.0
        for part, colour in zip(parts, PART_COLOURS, strict=True):
            left, right = across.place(begin), across.place(begin + part)
            place = f'x="{left}" y="{top + height * 0.5:.1f}" width="{right - left:.1f}" height="{height * 0.35:.1f}"'
            yield f'<rect {place} fill="{colour}"/>'
            begin += part
    yield from _below(across, chart.x_label)


def _below(axis: _Axis, label: str) -> Iterator[str]:
    """The axis at the bottom."""
    yield f'<path d="M{axis.begin} {HEIGHT - BOTTOM}H{axis.until}" stroke="#999"/>'
    for value in axis.ticks():
        yield _text(axis.place(value), HEIGHT - BOTTOM + 16, _number(value), 'text-anchor="middle"')
    yield _text((axis.begin + axis.until) / 2, HEIGHT - 10, label, 'text-anchor="middle"')


def _text(x: float, y: float, text: str, attributes: str = "") -> str:
    return f'<text x="{x}" y="{y}"{" " if attributes else ""}{attributes}>{text}</text>'


def _number(value: float) -> str:
    return f"{value:,.10g}"
