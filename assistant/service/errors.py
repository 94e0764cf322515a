"""What keeps a service from answering."""

from __future__ import annotations

import logging

from index.errors import PullquoteError

log = logging.getLogger("pullquote.server")


class Unavailable(PullquoteError):
    """The library cannot be opened; the message is for who runs the server."""


class Busy(PullquoteError):
    """Too many requests wait already."""


class TooSlow(PullquoteError):
    """There was no answer in time."""
