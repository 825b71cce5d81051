"""Draws line charts side by side, as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

Points = Sequence[tuple[float, float]]

WIDTH: Final = 420
HEIGHT: Final = 300
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 44, 48
COLOURS: Final = ("#c2410c", "#1d4ed8")


@dataclass(frozen=True)
class Chart:
    """A chart: its title, what is on its axes, and one line per name."""

    title: str
    x_label: str
    lines: Mapping[str, Points]
    unit: str = ""


def svg(charts: Sequence[Chart]) -> str:
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


def _chart(chart: Chart) -> str:
    x_top = _round_up(max(x for points in chart.lines.values() for x, _ in points))
    y_top = _round_up(max(y for points in chart.lines.values() for _, y in points) * 1.05)

    def place(x: float, y: float) -> tuple[float, float]:
        across = LEFT + x / x_top * (WIDTH - LEFT - RIGHT)
        return round(across, 1), round(HEIGHT - BOTTOM - y / y_top * (HEIGHT - TOP - BOTTOM), 1)

    parts = [f'<text x="{LEFT}" y="18" font-size="13" font-weight="bold">{chart.title}</text>']
    for step in range(5):
        x, y = place(x_top * step / 4, y_top * step / 4)
        parts += [
            f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#ddd"/>',
            f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{y_top * step / 4:,.0f}{chart.unit}</text>',
            f'<text x="{x}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{x_top * step / 4:,.0f}</text>',
        ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{chart.x_label}</text>')
    for number, ((name, points), colour) in enumerate(zip(chart.lines.items(), COLOURS, strict=False)):
        places = [place(x, y) for x, y in points]
        path = "L".join(f"{x} {y}" for x, y in places)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places]
        parts.append(f'<text x="{LEFT + 150 * number}" y="36" fill="{colour}">{name}</text>')
    return "\n".join(parts)


def _round_up(value: float) -> float:
    """The least of 1, 2, 4, 5, 8, 10 times a power of ten that is not below the value."""
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 4, 5, 8, 10, ceil(value / power)) if step * power >= value)
