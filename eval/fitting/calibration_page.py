"""The page that `eval calibrate --curve` writes: what a threshold costs, drawn for each set that was fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.calibration.fitted import Calibration
from eval.comparing.uncertainty import calibration_bins, refusal_trade_off, risk_coverage
from eval.fitting.calibrate import Sets, answerabilities
from eval.fitting.observing import Observation
from eval.report.charts import calibration_chart, refusal_chart, risk_coverage_chart
from eval.report.elements import Html, element
from eval.report.page import figure, page


def calibration_page(sets: Sets, fitted: Calibration) -> str:
    """Return the page: for each set risk over coverage, rightly over wrongly refused, and calibration."""
    parts = [_section(name, seen, fitted) for name, seen in sets.items() if seen]
    lead = f"Below the threshold of {fitted.threshold:g} the articles are said not to answer."
    return page("When to refuse", lead, *parts)


def _section(name: str, seen: Sequence[Observation], fitted: Calibration) -> Html:
    note = f"{len(seen)} questions, {sum(each.answerable for each in seen)} of them answerable."
    charts = element("div", *_charts(seen, fitted), class_="charts")
    return element("section", element("h2", name), element("p", note, class_="note"), charts)


def _charts(seen: Sequence[Observation], fitted: Calibration) -> Iterator[Html]:
    confidences = answerabilities(seen, fitted).tolist()
    answerable = [each.answerable for each in seen]
    admitted = [confidence >= fitted.threshold for confidence in confidences]
    if risk := risk_coverage(confidences, answerable):
        yield figure(
            "Risk over coverage",
            "Share of unanswerable questions among those answered, by how many are; dashed: the threshold.",
            risk_coverage_chart(risk, sum(admitted) / len(admitted)),
        )
    if points := refusal_trade_off(confidences, answerable):
        counts = {kind: answerable.count(kind) for kind in (True, False)}
        refused = {
            kind: sum(not flag for flag, each in zip(admitted, answerable, strict=True) if each is kind) / counts[kind]
            for kind in counts
        }
        yield figure(
            "What refusing costs",
            f"Unanswerable questions refused over answerable ones refused; dot: the threshold, {refused[False]:.0%} "
            f"rightly for {refused[True]:.0%} wrongly. Dashed: refusing at random.",
            refusal_chart(points, (refused[True], refused[False])),
        )
    yield figure(
        "Calibration",
        "Share answerable at each estimated probability; dashed: exact.",
        calibration_chart(calibration_bins(confidences, answerable)),
    )
