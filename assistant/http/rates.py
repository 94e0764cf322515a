"""How often a client may come: one bucket of tokens each, which fills up again as time goes by."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_CLIENTS = 10_000
"""Clients that are remembered; beyond it, the one that has been away the longest is forgotten."""


class Rate:
    """Token buckets by client. For use on one thread."""

    def __init__(self, a_minute: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_minute / 60.0
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Return how many seconds the client has to wait for its next turn; 0: it may come now."""
        left = self._left(client)
        return 0.0 if left >= 1.0 else (1.0 - left) / self._a_second if self._a_second else float("inf")

    def take(self, client: str) -> float:
        """Take a turn if there is one; return what `wait` returns."""
        wait = self.wait(client)
        if not wait:
            self._buckets[client] = (self._left(client) - 1.0, self._clock())
            self._buckets.move_to_end(client)
            if len(self._buckets) > _CLIENTS:
                self._buckets.popitem(last=False)
        return wait

    def give_back(self, client: str) -> None:
        """Give back a turn that was taken."""
        self._buckets[client] = (min(self._burst, self._left(client) + 1.0), self._clock())

    def _left(self, client: str) -> float:
        left, since = self._buckets.get(client, (self._burst, self._clock()))
        return min(self._burst, left + (self._clock() - since) * self._a_second)
