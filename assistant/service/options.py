"""What a server allows: sizes, rates, times, and the names that it goes by."""

from __future__ import annotations

from dataclasses import dataclass

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
"""What a server on loopback is called. Another name in a request is that of a page that wants to reach it (DNS
rebinding)."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """The limits of a server, with defaults for a few dozen readers."""

    hosts: tuple[str, ...] = LOOPBACK_NAMES
    """Names, without port, under which it answers; empty allows any."""
    page_policy: str = ""
    """Content-Security-Policy of a page that is mounted on the app, which signs its readers in itself. Empty: no page;
    then whatever is not ours needs a token, too."""
    body_bytes: int = 1_000_000
    """Largest body of a request."""
    upload_bytes: int = 100_000_000
    """Largest body of a request to the page."""
    requests_a_minute: float = 120.0
    """How many requests one client may make, in the long run."""
    burst: int = 60
    """How many of them at once."""
    refusals_a_minute: float = 10.0
    """How many wrong tokens one address may try."""
    answers_at_once: int = 8
    """Answers in the making at a time where a model writes; quoting takes no more than there are processors."""
    waiting: int = 64
    """Requests that may wait for their turn; the next are told to come later."""
    seconds: float = 120.0
    """Longest time for one request. An answer that takes longer ends with what stands by then."""


LEAST_FREE_BYTES = 500_000_000
"""Below this nothing is taken in, so that the library can still write."""
