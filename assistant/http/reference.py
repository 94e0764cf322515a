"""The page that says what the doors take and give: plain HTML from the OpenAPI document, nothing fetched, no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}"
    "body{color:#222;background:#fff}"
    "code,pre{font:14px/1.4 ui-monospace,monospace}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ddd}"
    "h2{margin-top:2.5rem}.note{color:#555}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}td,th{border-color:#444}.note{color:#aaa}}"
)
POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""Content-Security-Policy of the page: its own style, and nothing else."""


def page(document: Mapping[str, Any]) -> str:
    """Return the page for an OpenAPI document."""
    information = document["info"]
    parts = [
        f"<h1>{escape(information['title'])}</h1><p>{escape(information.get('description', ''))}</p>",
        '<p class="note">For programs: <a href="/openapi.json">/openapi.json</a>. MCP: <code>/mcp</code>.</p>',
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts.append(_operation(f"{method.upper()} {path}", operation, document))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(information['title'])}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _operation(name: str, operation: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    rows = [
        (entry["name"], _kind(entry["schema"]), _need(required=entry.get("required", False)), entry.get("description"))
        for entry in operation.get("parameters", ())
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        schema = _resolved(body, document)
        rows += [
            (field, _kind(kind), _need(required=field in schema.get("required", ())), kind.get("description"))
            for field, kind in schema.get("properties", {}).items()
        ]
    table = "".join(
        f"<tr><td><code>{escape(field)}</code><td>{escape(kind)}<td>{need}<td>{escape(description or '')}"
        for field, kind, need, description in rows
    )
    head = "<tr><th>Field<th>Kind<th><th>Meaning" if rows else ""
    return (
        f"<h2><code>{escape(name)}</code></h2><p><b>{escape(operation.get('summary', ''))}.</b> "
        f"{escape(operation.get('description', ''))}</p><table>{head}{table}</table>"
    )


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"].get(name, schema) if name else schema


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(entry) for entry in schema["anyOf"] if entry.get("type") != "null")
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _need(*, required: bool) -> str:
    return "needed" if required else ""
