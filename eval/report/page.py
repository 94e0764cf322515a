"""A page of its own: one HTML file that asks for nothing else, with style and script in it."""

from __future__ import annotations

from importlib.resources import files

from eval.report.elements import Html, element

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""Content Security Policy: the browser itself refuses any request, even if a text should turn out to be markup."""


def page(title: str, lead: str, *parts: str) -> str:
    """Return a whole page with the style and script of reports."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", _file("report.css")),
    )
    body = element(
        "body",
        element("header", element("h1", title), element("p", lead, class_="lead")),
        element("main", *parts),
        element("script", _file("report.js")),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def figure(title: str, note: str, chart: Html) -> Html:
    """Return a chart with a heading and what it shows."""
    return element("figure", element("h2", title), element("p", note, class_="note"), chart)


def _file(name: str) -> Html:
    return Html(files("eval.report").joinpath(name).read_text("utf-8"))
