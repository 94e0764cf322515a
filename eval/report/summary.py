"""Sum a run up: means with intervals, over all and by tag, abstention, confidence, times, and why cases failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.comparing.uncertainty import (
    CalibrationBin,
    Interval,
    RiskCoverage,
    bootstrap_interval,
    calibration_bins,
    expected_calibration_error,
    risk_coverage,
)
from eval.metrics import Abstention, Outcomes, Percentiles, abstention, latency_percentiles, outcomes
from eval.report.reasons import Fault, Reason, Status, explain, faults, gold_rank, status
from eval.results import CanaryOutcome, Result, Run, RunInfo
from eval.scoring import METRICS, Metric, outcome_of

MISSED = "none"
RANK_CLASSES = ("1", "2", "3", "4-5", "6-10", "11+", MISSED)
RANK_LIMITS = ((1, "1"), (2, "2"), (3, "3"), (5, "4-5"), (10, "6-10"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over a group of cases: its mean with a 95 % interval, and how many cases it applies to."""

    metric: Metric
    count: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one tag, or all, with the metrics that apply to any of them."""

    name: str
    cases: int
    figures: tuple[Figure, ...]

    def figure(self, name: str) -> Figure | None:
        """Return the figure of a metric by name; None if it applies to no case."""
        return next((figure for figure in self.figures if figure.metric.name == name), None)


@dataclass(frozen=True, slots=True)
class Confidence:
    """How well confidence tells answerable questions from others, over all cases that were asked.

    In `risk`, an error is an unanswerable question among those admitted.
    """

    risk: RiskCoverage
    bins: tuple[CalibrationBin, ...]
    error: float
    """Expected calibration error."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A result with how it ended and why."""

    result: Result
    status: Status
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """All that the reports show."""

    info: RunInfo
    missing: int
    failed: int
    """Cases that could not be asked."""
    overall: Group
    tags: tuple[Group, ...]
    abstention: Abstention
    outcomes: Outcomes
    confidence: Confidence | None
    seconds: tuple[float, ...]
    latency: Percentiles | None
    usage: Mapping[str, float]
    ranks: Mapping[str, int]
    """Answerable cases by the rank of the first gold paragraph that the search found: see RANK_CLASSES."""
    causes: tuple[tuple[Fault, int], ...]
    """Kinds of reasons with the number of cases that have them, most frequent first."""
    cases: tuple[Judged, ...]
    canaries: tuple[CanaryOutcome, ...]

    def count(self, wanted: Status) -> int:
        """Count the cases that ended so."""
        return sum(judged.status is wanted for judged in self.cases)


def summarise(run: Run) -> Summary:
    """Return the summary of a run: the same whatever the order in which its cases were done, times aside."""
    judged = []
    for result in run.results:
        reasons = explain(result)
        judged.append(Judged(result, status(result, reasons), reasons))
    asked = [(result, result.answer) for result in run.results if result.answer is not None]
    seconds = tuple(result.seconds for result, _ in asked)
    usage: Counter[str] = Counter()
    for _, answer in asked:
        usage.update(answer.usage)
    causes = Counter(kind for each in judged for kind in faults(each.reasons))
    return Summary(
        info=run.info,
        missing=run.missing,
        failed=len(run.results) - len(asked),
        overall=group("all", run.results, run.info.seed),
        tags=by_tag(run.results, run.info.seed),
        abstention=abstention(
            [(result.case.answerable, answer.answered) for result, answer in asked],
            [result.scores.correct == 1 for result, _ in asked],
        ),
        outcomes=outcomes(
            [(result.case.answerable, outcome_of(answer)) for result, answer in asked],
            [result.scores.correct == 1 for result, _ in asked],
        ),
        confidence=_confidence(
            [answer.confidence for _, answer in asked], [result.case.answerable for result, _ in asked]
        ),
        seconds=seconds,
        latency=latency_percentiles(seconds),
        usage=dict(sorted(usage.items())),
        ranks=_ranks(result for result, _ in asked),
        causes=tuple(sorted(causes.items(), key=lambda item: (-item[1], list(Fault).index(item[0])))),
        cases=tuple(judged),
        canaries=run.canaries,
    )


def group(name: str, results: Sequence[Result], seed: int) -> Group:
    """Return the figures of a group of results."""
    figures = []
    for metric in METRICS:
        values = [result.scores.value(metric.name) for result in results]
        interval = bootstrap_interval(values, seed)
        if interval is not None:
            figures.append(Figure(metric, sum(value is not None for value in values), interval))
    return Group(name, len(results), tuple(figures))


def by_tag(results: Sequence[Result], seed: int) -> tuple[Group, ...]:
    """Return a group for each tag, the largest first."""
    members: dict[str, list[Result]] = {}
    for result in results:
        for tag in result.case.tags:
            members.setdefault(tag, []).append(result)
    largest_first = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(group(tag, held, seed) for tag, held in largest_first)


def _confidence(confidences: Sequence[float], answerable: Sequence[bool]) -> Confidence | None:
    risk = risk_coverage(confidences, answerable)
    error = expected_calibration_error(confidences, answerable)
    if risk is None or error is None:
        return None
    return Confidence(risk, tuple(calibration_bins(confidences, answerable)), error)


def _ranks(results: Iterable[Result]) -> dict[str, int]:
    counts = dict.fromkeys(RANK_CLASSES, 0)
    for result in results:
        if result.case.answerable:
            rank = gold_rank(result)
            counts[MISSED if rank is None else rank_class(rank)] += 1
    return counts


def rank_class(rank: int) -> str:
    """Return the class of a rank: see RANK_CLASSES."""
    return next((name for limit, name in RANK_LIMITS if rank <= limit), "11+")
