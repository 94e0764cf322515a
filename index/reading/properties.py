"""What documents say of themselves, without what programs put there unasked; and those programs kept quiet."""

from __future__ import annotations

import logging
import re

_PLACEHOLDER_TITLE = re.compile(
    r"(?i)untitled[\W\d]*|\W*anonymous\W*|\W*unspecified\W*|(microsoft )?word( - .*| document)"
    r"|.*\.(docx?|odt|rtf|txt|pdf|indd|qxd|pages|html?)"
)
_PLACEHOLDER_AUTHOR = re.compile(r"(?i)python-docx|\W*anonymous\W*|\W*unspecified\W*|unknown|user|admin\w*|owner")


def title_of(value: str | None) -> str | None:
    """Return the title in a document's properties; None for a placeholder."""
    return None if value is None or _PLACEHOLDER_TITLE.fullmatch(value.strip()) else value


def author_of(value: str | None) -> str | None:
    """Return the author in a document's properties; None for a placeholder."""
    return None if value is None or _PLACEHOLDER_AUTHOR.fullmatch(value.strip()) else value


def quiet(name: str) -> None:
    """Keep a library's logger quiet, unless the application has set it."""
    logger = logging.getLogger(name)
    if logger.level == logging.NOTSET:  # an application that set it wants to hear
        logger.setLevel(logging.CRITICAL)
