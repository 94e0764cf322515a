"""Links that open an article in a browser at the quoted words (text fragments: `#:~:text=`)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_WHOLE_CHARACTERS = 120
"""Quotes up to this length stand in the link whole; of longer ones the first and last words, which suffer less from a
page that breaks or spells the middle otherwise."""
_EDGE_WORDS = 5
_ALLOWED = ":/?@!$&*+,;=%-._~"
"""What stays as it is in an address: reserved and unreserved characters of RFC 3986 but brackets and quotation marks,
which Markdown and HTML read as their own."""
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\\]")
_HEX = re.compile(r"%(?![0-9A-Fa-f]{2})")


def web_address(url: str | None) -> str | None:
    """Return an http or https address in ASCII, fit for a link; None for everything else."""
    if not url or _NOT_IN_ADDRESSES.search(url.strip(" ")):
        return None
    try:
        parts = urlsplit(url.strip(" "))
        host = parts.hostname
        _ = parts.port  # a port that is no number raises here
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    if "[" in parts.netloc or "]" in parts.netloc:
        return None
    before, hash_sign, fragment = url.strip(" ").partition("#")
    address = quote(_HEX.sub("%25", before), safe=_ALLOWED, errors="replace")
    kept = quote(_HEX.sub("%25", fragment), safe=_ALLOWED, errors="replace")
    return f"{address}{hash_sign}{kept}"


def deep_link(url: str | None, words: str) -> str | None:
    """Return a link to the quoted words in an article; None where the address is not one of the web.

    Source of the form: https://wicg.github.io/scroll-to-text-fragment/
    """
    address = web_address(url)
    if address is None:
        return None
    address = address.partition(":~:")[0]
    if not words.strip():
        return address
    return f"{address}{'' if '#' in address else '#'}:~:text={_directive(words)}"


def _directive(words: str) -> str:
    parts = words.split()
    whole = " ".join(parts)
    if len(whole) <= _WHOLE_CHARACTERS or len(parts) <= 2 * _EDGE_WORDS:
        return _encoded(whole)
    return f"{_encoded(' '.join(parts[:_EDGE_WORDS]))},{_encoded(' '.join(parts[-_EDGE_WORDS:]))}"


def _encoded(text: str) -> str:
    """Percent-encode all but letters, digits and `._~`; the dash, too, means something in a directive."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")
