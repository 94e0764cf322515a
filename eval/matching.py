"""Compare an answer's text with what it should say: the arithmetic of SQuAD, spans, and facts."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

ARTICLE = re.compile(r"\b(?:a|an|the)\b")
PUNCTUATION = str.maketrans("", "", string.punctuation)

QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u00ad\u200b\ufeff", ""),  # a soft hyphen and marks without width
    }
)
HYPHEN = re.compile(r"(?<=\w)[-\u2010-\u2013](?=\w)")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
EDGES = " \"'.,;:!?()[]"

UNITS = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split(),
        start=1,
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
NUMBER_WORD = re.compile(rf"\b(?:({'|'.join(TENS)})(?: ({'|'.join(list(UNITS)[:9])}))?|({'|'.join(UNITS)}))\b")


def normalise_answer(text: str) -> str:
    """Return `text` in small letters without ASCII punctuation, articles and extra space (SQuAD's evaluate-v2.0.py)."""
    return " ".join(ARTICLE.sub(" ", text.lower().translate(PUNCTUATION)).split())


def exact_match(answer: str, golds: Collection[str]) -> float | None:
    """Return 1 if the normalised answer equals a gold answer, else 0; None without golds (SQuAD's evaluate-v2.0.py).

    For a question that has no answer, `golds` is `[""]`.
    """
    return max((float(normalise_answer(answer) == normalise_answer(gold)) for gold in golds), default=None)


def token_f1(answer: str, golds: Collection[str]) -> float | None:
    """Return the best F1 of shared words with a gold answer, 0 to 1; None without golds (SQuAD's evaluate-v2.0.py).

    If either side has no words, it is 1 when both have none, else 0.
    """
    return max(
        (_token_f1(normalise_answer(answer).split(), normalise_answer(gold).split()) for gold in golds), default=None
    )


def _token_f1(answer: Sequence[str], gold: Sequence[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = (Counter(answer) & Counter(gold)).total()
    return 2 * shared / (len(answer) + len(gold))


def contains_span(answer: str, golds: Collection[str]) -> float | None:
    """Return 1 if the answer holds a gold span as whole words, else 0; None without golds.

    Compared as facts are, and without articles. It is the accuracy of Mallen et al. 2023 (arXiv 2212.10511), which
    looks for any substring, held to word boundaries.
    """
    said = _without_articles(answer)
    return max((float(occurs(_without_articles(gold), said)) for gold in golds), default=None)


def fact_coverage(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """Return the share of facts of which any wording occurs in `text`, 0 to 1; None without facts.

    It is nugget recall (Voorhees 2003, TREC question answering track) with wordings in place of an assessor.
    """
    return sum(any(occurs(wording, text) for wording in fact) for fact in facts) / len(facts) if facts else None


def occurs(phrase: str, text: str) -> bool:
    """Tell whether `phrase` stands in `text` as whole words and whole numbers.

    Case, kinds of quotation marks, kinds of space, hyphens inside words and thousands separators make no difference;
    number words from one to ninety-nine equal digits.
    """
    wanted = plain(phrase).strip(EDGES)
    if not wanted:
        return False
    before = r"(?<!\w)(?<!\d[.,])" if wanted[0].isdigit() else r"(?<!\w)" if _is_word(wanted[0]) else ""
    after = r"(?!\w)(?![.,]\d)" if wanted[-1].isdigit() else r"(?!\w)" if _is_word(wanted[-1]) else ""
    return re.search(before + re.escape(wanted) + after, plain(text)) is not None


def plain(text: str) -> str:
    """Return `text` so that ways to write the same words are equal; `occurs` names them."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).translate(QUOTES)
    text = " ".join(HYPHEN.sub(" ", text).split())
    text = NUMBER_WORD.sub(lambda match: str(TENS.get(match[1], 0) + UNITS.get(match[2] or match[3], 0)), text)
    return THOUSANDS.sub("", text)


def _without_articles(text: str) -> str:
    return ARTICLE.sub(" ", plain(text))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
