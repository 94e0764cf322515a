"""The article in a web page."""

from __future__ import annotations

import re
from pathlib import Path

from index.errors import ReadError
from index.reading.dates import parse_date
from index.reading.decoding import decode
from index.reading.properties import quiet
from index.types import RawArticle

DECLARED_ENCODING = re.compile(
    rb"(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
TABLE_LINE = re.compile(r"\|[-| ]+")


def read_html(data: bytes, path: Path) -> RawArticle:
    """Read the article in a web page. Raises ReadError if none can be told from what is around it."""
    import trafilatura
    from trafilatura.xml import xmltotxt

    for name in ("trafilatura", "htmldate", "courlan"):
        quiet(name)
    match = DECLARED_ENCODING.search(data[:4096])
    # Decoded here, because trafilatura neither looks at the declaration nor reads Windows-1252 reliably.
    tree = trafilatura.load_html(decode(data, match[1].decode("ascii") if match else None).encode("utf-8"))
    # Without the extensive search a page that gives no date has none; with it, a day that the report mentions is taken.
    search = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
    page = (
        None
        if tree is None
        else trafilatura.bare_extraction(
            tree, with_metadata=True, include_comments=False, include_tables=True, date_extraction_params=search
        )
    )
    if tree is None or page is None or isinstance(page, dict):
        raise ReadError("has no article text that can be told from the page around it: save the text as .txt or .md")
    for head in page.body.iter("head"):
        head.text = f"{'#' * int((head.get('rend') or 'h2')[-1])} {head.text or ''}"
    for quote in page.body.iter("quote"):
        for part in list(quote.iter("p")) or [quote]:
            part.text = f"> {part.text or ''}"
    lines = (line.strip() for line in xmltotxt(page.body, False).split("\n"))
    return RawArticle(
        text="\n".join(line for line in lines if line and not TABLE_LINE.fullmatch(line)),
        source=str(path),
        file=path.name,
        title=page.title,
        outlet=page.sitename,
        author=page.author,
        url=page.url,
        published=parse_date(page.date),
        language=tree.get("lang"),
    )
