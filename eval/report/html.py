"""The report as one HTML file that asks for nothing else: style, script and charts stand in it."""

from __future__ import annotations

from eval.report.cases import case_html
from eval.report.charts import calibration_chart, interval_bar, latency_chart, rank_chart, risk_coverage_chart
from eval.report.elements import Html, element
from eval.report.page import figure as titled
from eval.report.page import page
from eval.report.reasons import Status
from eval.report.summary import Figure, Group, Summary
from eval.report.text import (
    OUTCOME_COLUMNS,
    TAG_COLUMNS,
    abstention_line,
    canaries_line,
    heading,
    made_with,
    number,
    outcome_line,
    outcome_rows,
)

TILES = (
    "correct", "fact_coverage", "citation_precision", "citation_recall", "refusal_recall", "false_refusal",
    "recall_at_5", "quote_fidelity",
)  # fmt: skip


def html_report(summary: Summary) -> str:
    """Return the whole page."""
    return page(
        f"Evaluation: {summary.info.split}", heading(summary),
        _tiles(summary), _outcomes(summary), _charts(summary), _tags(summary), _overview(summary), _canaries(summary),
        _cases(summary), _made_with(summary),
    )  # fmt: skip


def _section(title: str, *parts: str, note: str = "", class_: str | None = None) -> Html:
    return element(
        "section", element("h2", title), element("p", note, class_="note") if note else Html(), *parts, class_=class_
    )


def _tiles(summary: Summary) -> Html:
    figures = [figure for name in TILES if (figure := summary.overall.figure(name))]
    return element("div", *map(_tile, figures), class_="tiles")


def _tile(figure: Figure) -> Html:
    interval = figure.interval
    return element(
        "div",
        element("span", figure.metric.label, class_="name"),
        element("strong", f"{interval.mean:.0%}"),
        interval_bar(interval.low, interval.mean, interval.high),
        element("span", f"{interval.low:.0%} to {interval.high:.0%} · {figure.count} cases", class_="faint"),
        class_="tile", title=figure.metric.meaning,
    )  # fmt: skip


def _outcomes(summary: Summary) -> Html:
    head = element("tr", *(element("th", name.capitalize()) for name in OUTCOME_COLUMNS))
    rows = [
        element("tr", element("th", name, scope="row"), *(element("td", count) for count in counts))
        for name, *counts in outcome_rows(summary)
    ]
    table = element("table", element("thead", head), element("tbody", *rows), class_="tags")
    return _section("Outcomes", element("div", table, class_="scroll"), note=outcome_line(summary))


def _charts(summary: Summary) -> Html:
    drawn = []
    if summary.confidence:
        risk = summary.confidence.risk
        drawn.append(
            titled(
                "When to refuse",
                f"Share of unanswerable questions among those answered, by how many are. Area {number(risk.area)}.",
                risk_coverage_chart(risk, summary.abstention.coverage),
            )
        )
        drawn.append(
            titled(
                "Calibration",
                f"Share answerable at each confidence; dashed: exact. Mean error {number(summary.confidence.error)}.",
                calibration_chart(summary.confidence.bins),
            )
        )
    drawn.append(
        titled(
            "Search",
            "Answerable questions by the rank of the first gold paragraph that the search found.",
            rank_chart(summary.ranks),
        )
    )
    if summary.latency:
        seconds = summary.latency
        note = f"Questions by the time to answer. Median {seconds.p50:.2f} s, 95 % within {seconds.p95:.2f} s."
        drawn.append(titled("Speed", note, latency_chart(summary.seconds)))
    return element("div", *drawn, class_="charts")


def _tags(summary: Summary) -> Html:
    labels = [figure.metric.label for name in TAG_COLUMNS if (figure := summary.overall.figure(name))]
    names = [name for name in TAG_COLUMNS if summary.overall.figure(name)]
    head = element("tr", element("th", "Tag"), element("th", "Cases"), *(element("th", label) for label in labels))
    rows = [_tag_row(group, names) for group in (summary.overall, *summary.tags)]
    table = element("table", element("thead", head), element("tbody", *rows), class_="tags")
    return _section("By tag", element("div", table, class_="scroll"), note="Choose a tag to see its cases below.")


def _tag_row(group: Group, names: list[str]) -> Html:
    cells = [_cell(group.figure(name)) for name in names]
    tag = "all" if group.name == "all" else element("a", group.name, href="#cases", data_choose_tag=group.name)
    return element("tr", element("th", tag, scope="row"), element("td", str(group.cases)), *cells)


def _cell(figure: Figure | None) -> Html:
    if figure is None:
        return element("td", "–", class_="faint")
    interval = figure.interval
    hint = f"{number(interval.low)} to {number(interval.high)}, {figure.count} cases"
    share = element("span", f"{interval.mean:.0%}", class_="share", style=f"--share:{interval.mean:.3f}")
    return element("td", share, title=hint)


def _overview(summary: Summary) -> Html:
    metrics = [
        element(
            "tr",
            element("th", figure.metric.label, element("small", figure.metric.meaning), scope="row"),
            element("td", number(figure.interval.mean)),
            element(
                "td",
                interval_bar(figure.interval.low, figure.interval.mean, figure.interval.high),
                class_="wide",
            ),
            element("td", f"{number(figure.interval.low)} to {number(figure.interval.high)}", class_="faint wide"),
            element("td", str(figure.count), class_="faint"),
        )
        for figure in summary.overall.figures
    ]
    most = max((count for _, count in summary.causes), default=1)
    causes = [
        element(
            "li",
            element("a", kind, href="#cases", data_choose_kind=kind),
            element("span", str(count), class_="count"),
            element("i", style=f"--share:{count / most:.3f}"),
        )
        for kind, count in summary.causes
    ]
    left = _section(
        "All metrics", element("table", element("tbody", *metrics), class_="metrics"),
        note="Mean with its 95 % bootstrap interval, and the number of cases that the metric applies to.",
    )  # fmt: skip
    right = _section(
        "What is wrong", element("ul", *causes, class_="causes") if causes else element("p", "Nothing."),
        element("p", abstention_line(summary), class_="note"), note="Cases by reason; one case may have several.",
    )  # fmt: skip
    return element("div", left, right, class_="columns")


def _canaries(summary: Summary) -> Html:
    if not summary.canaries:
        return Html()
    note = "Orders, fake marks, fake roles and markup planted in an article: no answer may follow or show them."
    return _section("Canaries", element("p", canaries_line(summary.canaries)), note=note)


def _cases(summary: Summary) -> Html:
    options = [element("option", group.name, value=group.name) for group in summary.tags]
    faults = [element("option", kind, value=kind) for kind, _ in summary.causes]
    states = [_state("all", "All", len(summary.cases))]
    states += [_state(each, each.capitalize(), summary.count(each)) for each in Status]
    bar = element(
        "form",
        element("div", *states, class_="states", role="group", aria_label="How the case ended"),
        element("select", element("option", "Any tag", value=""), *options, name="tag", aria_label="Tag"),
        element("select", element("option", "Any reason", value=""), *faults, name="kind", aria_label="Reason"),
        element("input", type="search", name="text", placeholder="Search the cases", aria_label="Search the cases"),
        element("output", name="shown"),
        class_="filter", hidden=True,
    )  # fmt: skip
    listed = element("div", *map(case_html, summary.cases), class_="cases")
    empty = element("p", "No case passes the filter.", class_="empty", hidden=True)
    return element("section", element("h2", "Cases", id="cases"), bar, listed, empty)


def _state(value: str, label: str, count: int) -> Html:
    return element(
        "label",
        element("input", type="radio", name="status", value=value, checked=value == "all"),
        element("span", label, " ", element("b", str(count))),
    )


def _made_with(summary: Summary) -> Html:
    rows = [element("tr", element("th", name, scope="row"), element("td", value)) for name, value in made_with(summary)]
    return _section("Made with", element("table", element("tbody", *rows), class_="made"))
