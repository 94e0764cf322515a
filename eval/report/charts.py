"""The charts of the report, as SVG that takes its colours from the page's style sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.comparing.uncertainty import CalibrationBin, RiskCoverage
from eval.report.elements import Html, element, join

WIDTH, HEIGHT = 300.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 38.0, 292.0, 12.0, 160.0
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
RISK_TOPS = (0.08, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Upper ends of the axis of risk: their quarters are round."""
LATENCY_WIDTHS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Widths of a bar of the latency chart, in seconds; the first with which LATENCY_BARS are enough is taken."""
LATENCY_BARS = 16
LEAST_BARS = 8
LARGEST_DOT = 7.0
"""Radius, in units of the chart, of the dot of the fullest bin."""


def risk_coverage_chart(risk: RiskCoverage, coverage: float | None) -> Html:
    """Draw the share of unanswerable questions among those admitted; a dashed line marks the coverage in force."""
    most = max(share for _, share in risk.points)
    top = next(limit for limit in RISK_TOPS if most <= limit)
    path = " ".join(f"{_x(share):.1f},{_y(wrong / top):.1f}" for share, wrong in risk.points)
    parts = [_grid([f"{tick * top:.0%}" for tick in QUARTERS]), _percent_axis("answered, most confident first")]
    if coverage is not None:
        parts.append(element("line", class_="now", x1=_x(coverage), x2=_x(coverage), y1=TOP, y2=BOTTOM))
        anchor, shift = ("end", -5) if _x(coverage) > WIDTH / 2 else ("start", 5)
        parts.append(element("text", f"now {coverage:.0%}", x=_x(coverage) + shift, y=TOP + 9, text_anchor=anchor))
    parts.append(element("polyline", class_="line", points=path))
    return _chart(f"Risk over coverage, area {risk.area:.3f}", *parts)


def calibration_chart(bins: Sequence[CalibrationBin]) -> Html:
    """Draw for each bin of confidence the share that is answerable; the area of a dot is the number of questions."""
    most = max(each.count for each in bins)
    path = " ".join(f"{_x(each.expected):.1f},{_y(each.observed):.1f}" for each in bins)
    parts = [
        _grid([f"{tick:.0%}" for tick in QUARTERS]),
        _percent_axis("confidence"),
        element("line", class_="now", x1=_x(0), y1=_y(0), x2=_x(1), y2=_y(1)),
        element("polyline", class_="line thin", points=path),
    ]
    for each in bins:
        title = element(
            "title", f"{each.count} questions at confidence {each.expected:.2f}: {each.observed:.0%} answerable"
        )
        radius = 2 + (LARGEST_DOT - 2) * (each.count / most) ** 0.5
        parts.append(element("circle", title, class_="dot", cx=_x(each.expected), cy=_y(each.observed), r=radius))
    return _chart("Calibration of confidence", *parts)


def rank_chart(ranks: Mapping[str, int]) -> Html:
    """Draw how many cases have their first gold paragraph at each class of ranks; the last class is those missed."""
    last = len(ranks) - 1
    return _bars("Rank of the first gold paragraph", list(ranks.values()), list(ranks), "rank in the search", bad=last)


def latency_chart(seconds: Sequence[float]) -> Html:
    """Draw how many cases took how long, in bars of a round width."""
    longest = max(seconds)
    width = next((each for each in LATENCY_WIDTHS if longest < LATENCY_BARS * each), longest / (LATENCY_BARS - 1))
    counts = [0] * max(LEAST_BARS, int(longest / width) + 1)
    for each in seconds:
        counts[int(each / width)] += 1
    labels = [f"{place * width:g}" if place % 4 == 0 else "" for place in range(len(counts))]
    return _bars("Seconds a case", counts, labels, "seconds", at_edge=True)


def interval_bar(low: float, mean: float, high: float) -> Html:
    """Draw a mean, 0 to 1, with its interval on a short track."""
    return element(
        "svg",
        element("line", class_="track", x1=0, x2=100, y1=6, y2=6),
        element("line", class_="range", x1=100 * low, x2=max(100 * high, 100 * low + 1), y1=6, y2=6),
        element("circle", class_="dot", cx=min(max(100 * mean, 3.0), 97.0), cy=6, r=3),
        class_="interval", viewBox="0 0 100 12", preserveAspectRatio="xMinYMid", aria_hidden="true",
    )  # fmt: skip


def _bars(
    title: str, counts: Sequence[int], labels: Sequence[str], axis: str, *, bad: int = -1, at_edge: bool = False
) -> Html:
    top = 4 * max(1, -(-max(counts) // 4))  # so that its quarters are whole
    step = (RIGHT - LEFT) / len(counts)
    parts = [_grid([f"{tick * top:.0f}" for tick in QUARTERS]), _axis_title(axis)]
    for place, (count, label) in enumerate(zip(counts, labels, strict=True)):
        left = LEFT + place * step + step * 0.12
        height = (BOTTOM - TOP) * count / top
        hint = element("title", f"{label or 'here'}: {count} cases")
        parts.append(
            element(
                "rect", hint, class_="bar bad" if place == bad else "bar",
                x=left, y=BOTTOM - height, width=step * 0.76, height=height,
            )
        )  # fmt: skip
        middle = LEFT + place * step if at_edge else LEFT + (place + 0.5) * step
        parts.append(element("text", label, x=middle, y=BOTTOM + 15, text_anchor="middle"))
    return _chart(title, *parts)


def _chart(title: str, *parts: str) -> Html:
    return element(
        "svg", element("title", title), *parts, class_="chart", viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", role="img"
    )


def _grid(labels: Sequence[str]) -> Html:
    lines = []
    for tick, label in zip(QUARTERS, labels, strict=True):
        lines.append(element("line", class_="grid", x1=LEFT, x2=RIGHT, y1=_y(tick), y2=_y(tick)))
        lines.append(element("text", label, x=LEFT - 6, y=_y(tick) + 4, text_anchor="end"))
    return join(*lines)


def _percent_axis(title: str) -> Html:
    ticks = [
        element("text", f"{tick:.0%}", x=_x(tick), y=BOTTOM + 15, text_anchor="middle" if tick < 1 else "end")
        for tick in QUARTERS
    ]
    return join(*ticks, _axis_title(title))


def _axis_title(text: str) -> Html:
    return element("text", text, class_="axis", x=(LEFT + RIGHT) / 2, y=BOTTOM + 33, text_anchor="middle")


def _x(share: float) -> float:
    return LEFT + (RIGHT - LEFT) * share


def _y(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share
