"""The errors that a user can meet. Each message says what is wrong and what to do about it.

PullquoteError
├── UsageError          the request cannot be carried out as it was put     (exit code 2)
│   ├── NotFound        no such file, folder, article or paragraph
│   ├── ReadError       a file that cannot be read as an article
│   └── ConfigError     a setting that is missing or contradicts the library
├── LibraryError        the library cannot do it now                        (exit code 3)
│   ├── LibraryLocked   another process is writing
│   └── LibraryDamaged  a store fails its check
└── ModelError          the chat model gave no answer; `cause` says why     (exit code 3)
"""

from __future__ import annotations


class PullquoteError(Exception):
    """Anything that is reported in one line, without a traceback."""

    exit_code = 3


class UsageError(PullquoteError):
    """The request cannot be carried out as it was put."""

    exit_code = 2


class NotFound(UsageError):
    """No such file, folder, article or paragraph."""


class ReadError(UsageError):
    """A file that cannot be read as an article."""


class ConfigError(UsageError):
    """A setting that is missing, or that contradicts how the library was made."""


class LibraryError(PullquoteError):
    """The library cannot do it now."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""


class LibraryDamaged(LibraryError):
    """A store of the library fails its check."""


class ModelError(PullquoteError):
    """The chat model gave no answer, or not a whole one.

    `cause` is for programs: key, quota, rate, server, unreachable, cut, slow, garbage, empty, context or model.
    """

    def __init__(self, message: str, cause: str) -> None:
        super().__init__(message)
        self.cause = cause
