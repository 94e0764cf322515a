"""Article text to numbered paragraphs: every non-empty line counts, page furniture is marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.types import Article, Paragraph, ParagraphKind

_HEADING_WORDS = 14
_FURNITURE_WORDS, _FURNITURE_CHARACTERS = 60, 800  # a longer line is a report, whatever words it uses

_LIST = re.compile(r"(?:[-*•‣▪●–—]|\(?\d{1,2}[.)])\s+\S")
_OPEN_QUOTE = '“"«„「『'
_CLOSE_QUOTE = '”"»“」』'
_ENDINGS = ".!?…:;,\"”’'»)]。！？」』"

# Lines that belong to the page and not to the report. Anchored, so that a report which mentions them stays a report.
_FURNITURE = re.compile(
    r"""(?ix)^[\s*_>-]*(?:
      advertise?ments? | advert | ad | sponsored(\s+content)? | story\s+continues\s+below.* | article\s+continues.*
    | (share|print|comments?|save|tweet|email|copy\s+link|link\s+copied)(\s+(this|on|via|with)(\s+(article|story|post|page|link|facebook|twitter|x|whatsapp|email|linkedin))?)?
    | (sign|log)\s+(up|in|on)\s+(for|to|here|today)\b.{0,200} | subscribe\b.{0,200} | get\s+(our|the)\s+.{0,60}newsletters?\b.{0,120}
    | (you\s+can\s+)?(read|receive|try|join|want|for\s+more)\b.{0,80}\bnewsletters?\b.{0,120} | (our|free|the)\s+(free\s+|daily\s+|weekly\s+|morning\s+|evening\s+)*newsletters?\W*
    | (to\s+)?(suggest|report|submit)\s+(a\s+|an\s+)?(correction|error|typo)\b.{0,120}
    | (you\s+can\s+also\s+)?highlight\s+(the|this)\s+text\b.{0,120}
    | follow\s+(us|me|\w+\s+\w+)\s+on\b.{0,120} | join\s+(us\s+on|our)\b.{0,120} | like\s+us\s+on\b.{0,80}
    | (read|see|watch|listen)\s+(more|also|next|full)\b(?:\s*[:>»→].{0,160})? | (also|now)\s+(read|on|see)\s*:.{0,160} | read\s+more\s+(on|about|here)\b.{0,120}
    | (\(?with\s+(in)?puts?\s+from\s+[\w\s,]+\)?\s*)?discover\s+the\s+latest\b.{0,300} | \(?with\s+inputs?\s+from\s+(\w+\s+){0,4}\w+\)?\.?
    | (find|get|discover)\s+the\s+best\s+of\b.{0,200} | stay\s+(on\s+top\s+of|up\s+to\s+date|informed|tuned)\b.{0,200}
    | download\s+(the|our)\b.{0,120}\bapp\b.{0,80} | (all\s+)?rights\s+reserved\b.{0,80} | (©|\(c\)\s+(19|20)\d\d|copyright\s+(©|\(c\)|(19|20)\d\d)).{0,160}
    | (photo|image|picture|video|graphic)(\s+(credit|by|courtesy))?\s*:.{0,160} | (file\s+)?photo(\s+by\b.{0,40})?
    | more\s+(from|on)\s+(this|the|our)\b[^.]{0,40} | (more|top|latest|related|recommended|trending|popular|other)\s+((stories|articles|news|reading|topics|coverage|videos?|posts|links)(\s+(of\s+interest|for\s+you|on\s+this|from\s+\w+(\s+\w+)?))?)
    | related | recommended | most\s+(read|popular|viewed) | you\s+(may|might)\s+(also\s+)?(like|be\s+interested\s+in)\b.{0,40} | editor'?s?\s+picks?
    | (we\s+use|this\s+(site|website)\s+uses)\s+cookies\b.{0,200} | accept\s+(all\s+)?cookies | back\s+to\s+top | skip\s+to\s+.{0,30}
    | (this\s+article|this\s+story)\s+(was\s+)?(originally|first)\s+(published|appeared)\b.{0,160} | donate(\s+(now|today))?\b.{0,120} | support\s+our\s+(work|journalism)\b.{0,160}
    | \d+\s+(min(ute)?s?\s+read|comments?|shares?) | loading\W* | tags?\s*:.{0,200} | topics?\s*:.{0,200}
    )[\s*_.:!…»→>-]*$"""
)
# The line that opens a block of links to other stories.
_RELATED = re.compile(
    r"(?i)^[\s*_>#-]*(other\s+topics(\s+of\s+interest)?|related(\s+(stories|articles|news|coverage|topics|reading|links))?|recommended(\s+\w+)?"
    r"|most\s+(read|popular|viewed)|more\s+(stories|news|from\b.{0,40})|trending(\s+\w+)?|you\s+(may|might)\s+(also\s+)?(like|be\s+interested\s+in)"
    r"|top\s+stories|latest\s+(news|stories)|editor'?s?\s+picks?)[\s*_:.…-]*$"
)
_DATELINE = re.compile(
    r"(?i)^(mon|tues|wednes|thurs|fri|satur|sun)day,?\s+(\d{1,2}\s+\w+|\w+\s+\d{1,2}),?\s+\d{4}\.?$"
    r"|^(last\s+)?(published|updated|posted|modified)\s*(:|on\s|at\s|\d).{0,60}$|^(last\s+)?updated\s.{0,20}\bago\.?$"
)
_CONTENT_WORD = re.compile(r"\w{4,}")


def split_paragraphs(article: Article) -> list[Paragraph]:
    """Return the non-empty lines of the article, numbered from 1, and what each is.

    Each paragraph is the line without the white space around it: `article.text[start:end] == text`.
    """
    lines = list(_lines(article.text))
    kinds = _kinds([article.text[start:end] for start, end in lines])
    return [
        Paragraph(article.id, number, article.text[start:end], start, end, kind)
        for number, ((start, end), kind) in enumerate(zip(lines, kinds, strict=True), start=1)
    ]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for line in text.split("\n"):
        content = line.strip()
        if content:
            start = position + line.index(content)
            yield start, start + len(content)
        position += len(line) + 1


def _kinds(texts: list[str]) -> list[ParagraphKind]:
    """Classify the lines of one article; only links to other stories need to know their neighbours."""
    kinds: list[ParagraphKind] = []
    headline: str | None = None  # of a linked story, while its teaser may follow
    in_links = False
    for position, text in enumerate(texts):
        kind = _kind_alone(text, last=position == len(texts) - 1)
        if len(text) <= _FURNITURE_CHARACTERS and _RELATED.match(text):
            kind, in_links, headline = ParagraphKind.FURNITURE, True, None
        elif in_links and kind is not ParagraphKind.FURNITURE:
            if kind in (ParagraphKind.HEADING, ParagraphKind.LIST) or _is_headline(text):
                kind, headline = ParagraphKind.FURNITURE, text
            elif headline is not None and _shares_word(headline, text):
                kind, headline = ParagraphKind.FURNITURE, None
            else:
                in_links = False
        kinds.append(kind)
    return kinds


def _kind_alone(text: str, *, last: bool) -> ParagraphKind:
    short = len(text) <= _FURNITURE_CHARACTERS and len(text.split()) <= _FURNITURE_WORDS
    if (short and (_FURNITURE.match(text) or _DATELINE.match(text))) or not any(map(str.isalnum, text)):
        return ParagraphKind.FURNITURE
    if re.match(r"#{1,6}\s", text):
        return ParagraphKind.HEADING
    if _LIST.match(text):
        return ParagraphKind.LIST
    if re.match(r">\s", text) or (text[0] in _OPEN_QUOTE and _is_quotation(text)):
        return ParagraphKind.QUOTE
    if _is_headline(text) and not last:
        return ParagraphKind.HEADING
    return ParagraphKind.BODY


def _is_headline(text: str) -> bool:
    return len(text.split()) <= _HEADING_WORDS and text[-1] not in _ENDINGS


def _is_quotation(text: str) -> bool:
    """Whether an opening quotation mark holds to the end of the line, or runs on into the next paragraph."""
    inside = text[1:]
    closers = [position for position, character in enumerate(inside) if character in _CLOSE_QUOTE]
    return not closers or closers[0] >= len(inside.rstrip(".,!? ")) - 1


def _shares_word(first: str, second: str) -> bool:
    def words(text: str) -> set[str]:
        return {word[:6] for word in _CONTENT_WORD.findall(text.lower())}

    return bool(words(first) & words(second))
