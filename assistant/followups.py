"""What may be asked next: questions about what stands near an answer, each tried before it is shown.

No model is asked. Sentences around what was cited are turned into questions by a few patterns of news writing: who
somebody is, what somebody said, wants or did, how long something took, how many there were. A pattern proposes, the
quoting assistant decides: only what it answers from the very sentence that the question was made of is suggested.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from assistant.answering import Assistant
from assistant.types import Answer, Citation, Turn
from index.sentences import split_sentences
from index.types import Filters, Kind, Paragraph

MOST_SHOWN = 3
MOST_TRIED = 8
"""Questions that are tried: each costs as much as an answer of quotations, about a tenth of a second."""
LONGEST_SECONDS = 3.0
LONGEST_QUESTION = 90
SAID = "What did {who} say?"
_OPENING = 40
"""Characters by which a sentence is known again in a quotation."""
_STEM = 7
"""Characters of a surname: Zelensky and Zelenskyy are one."""

_INITIAL = r"(?:[A-Z]\.\s)"
_WORD = r"[A-Z][a-z][\w’'-]*"
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Col|Lt|Prof|Sir|Dame)\.?\s)"
_PERSON = rf"(?!The\s)(?:{_TITLE}?(?:{_INITIAL}+{_WORD}|{_WORD}(?:\s{_INITIAL}?{_WORD}){{1,2}})|{_TITLE}{_WORD})"
_BODY = rf"(?:[Tt]he\s{_WORD}(?:\s{_WORD})?|{_WORD}(?:\s{_WORD})?)"
_ASIDE = r"(?:,\s[^,“”\"]{3,70},)?\s"
_SAYS = r"(?:said|added|warned|argued|wrote|insisted|promised)"
_TOPIC = (
    r"(?:\son\s[A-Z]\w*)?\s(?:that\s)?(?P<topic>(?:the|a|an|any|talks|plans)\s(?:[\w’'.-]+\s){0,4}?[\w’'-]+)\s"
    r"(?:would|will|should|could|must|was|were|is|are|had|has|have)\b"
)
_MONTH = r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.?"

_NO_NAME = frozenset(
    (
        "The This That These Those His Her Its Their It He She They We You White House Street Union Council Prime "
        "Minister President Fund Institute College Committee Ministry Times Post Wire Gazette Herald Courier Sea East "
        "West North South Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May "
        "June July August September October November December United States Kingdom Nations According Asked"
    ).split()
)
"""Words that are in no person's name."""
_SPOKE = re.compile(rf"\b(?:{_SAYS}|told|says)\b")
_DEEDS = {
    "wants": "does want", "expects": "does expect", "proposes": "does propose", "demands": "does demand",
    "ordered": "did order", "offered": "did offer", "proposed": "did propose", "demanded": "did demand",
    "announced": "did announce", "promised": "did promise", "rejected": "did reject", "named": "did name",
    "listed": "did list", "found": "did find",
}  # fmt: skip
_COUNTED = {
    "trained": "did train", "received": "did receive", "killed": "did kill", "released": "did release",
    "delivered": "did deliver", "sent": "did send", "built": "did build", "bought": "did buy", "sold": "did sell",
    "hired": "did hire", "lost": "did lose", "won": "did win", "arrested": "did arrest", "opened": "did open",
    "closed": "did close", "wounded": "did wound", "employs": "does employ",
}  # fmt: skip
_LASTED = {"took": "did take", "lasted": "did last", "ran for": "did run", "lasts": "does last"}
_ASKING = _DEEDS | _COUNTED | _LASTED
"""How a verb is asked with."""
_SUBJECT = rf"(?P<who>[Tt]he\s(?:[a-z]+\s)?[a-z]+|{_BODY})"

_PATTERNS = tuple(
    (question, re.compile(pattern))
    for question, pattern in (
        ("What did {who} tell {whom}?", rf"(?P<who>{_PERSON}|\b{_WORD}){_ASIDE}told\s(?P<whom>{_WORD}(?:\s{_WORD})?)"),
        (
            "What did {who} write {where}?",
            rf"(?P<who>{_PERSON}|\b{_WORD})\swrote\s(?P<where>on\s[a-z]+(?:\s[a-z]+)?)\sthat\b",
        ),
        ("What did {who} call {what}?", rf"{_SUBJECT}\scalled\s(?P<what>the\s[a-z]+(?:\s[a-z]+)?)\s(?:a|an|the)\s"),
        ("What did {who} say about {topic}?", rf"(?P<who>{_PERSON}){_ASIDE}{_SAYS}{_TOPIC}"),
        ("What did {who} say about {topic}?", rf"(?P<who>[Tt]he\s{_WORD}(?:\s{_WORD})?)\s{_SAYS}{_TOPIC}"),
        (SAID, rf"[”\"],?\s(?P<who>{_PERSON}){_ASIDE}{_SAYS}\b"),
        (SAID, rf"\b{_SAYS}\s(?P<who>{_PERSON})\b"),
        (SAID, rf"(?P<who>{_PERSON}){_ASIDE}{_SAYS}\b"),
        (SAID, rf"(?P<who>{_PERSON}),\s[^,“”\"]{{3,60}},\swent\sfurther"),
        (
            "What {does} {who} {do}?",
            rf"(?:^|,\s){_SUBJECT}\s(?P<verb>{'|'.join(_DEEDS)})\s(?!him\b|her\b|them\b|it\b)",
        ),
        (
            "How many {what} {does} {who} {do}?",
            rf"(?:^|,\s){_SUBJECT}\s(?P<verb>{'|'.join(_COUNTED)})\s\d[\d,.]*\s(?P<what>[a-z]+s)\b",
        ),
        ("How long {does} {who} {do}?", rf"^(?P<who>The\s(?:[a-z]+\s){{0,2}}[a-z]+)\s(?P<verb>{'|'.join(_LASTED)})\s"),
        ("How did {who} vote?", r"(?:^|,\s)(?P<who>[Tt]he\s(?:[a-z]+\s)?[a-z]+)\svoted\s\d"),
        ("Who is {who}?", rf"(?P<who>{_PERSON}),\s(?:an?|the|who|which)\s[^,.“”\"]{{3,80}}[,.]"),
        (
            "What is planned for {day}?",
            rf"\b(?:is|are)\s(?:planned|scheduled|due|set)\sfor\s(?P<day>{_MONTH}\s\d{{1,2}})\b",
        ),
    )
)
"""Questions with the writing that answers them, the more telling first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question with the sentence that it was made of."""

    question: str
    form: str
    about: str
    """Whom or what it asks about: of one only one question is shown."""
    paragraph: Paragraph
    sentence: str


def suggest(
    assistant: Assistant,
    answer: Answer,
    history: Sequence[Turn] = (),
    filters: Filters | None = None,
    seconds: float = LONGEST_SECONDS,
) -> list[str]:
    """Return up to three questions that the articles near an answer answer, from paragraphs that it does not cite.

    `history` holds the turns up to this answer: a suggestion is tried as it would be asked after them. After so many
    seconds no further one is tried. A refusal has nothing near it to go on from, and gets none.
    """
    if not answer.answered:
        return []
    end = time.monotonic() + seconds
    quoting = Assistant(assistant.searcher)
    asked = {_plain(turn.question) for turn in history} | {_plain(answer.question)}
    seen = {key for citation in answer.citations for key in _keys(citation)}
    about: set[str] = set()
    shown: list[str] = []
    proposals = (entry for entry in _proposals(quoting, answer) if _plain(entry.question) not in asked)
    for proposal in islice(_varied(proposals, seen), MOST_TRIED):
        if len(shown) == MOST_SHOWN or time.monotonic() > end:
            break
        if proposal.about in about or _plain(proposal.question) in asked:
            continue
        found = quoting.ask(proposal.question, history, filters)
        if _comes_from(found, proposal):
            shown.append(proposal.question)
            about.add(proposal.about)
            seen |= {key for citation in found.citations for key in _keys(citation)}
    return shown


def _comes_from(answer: Answer, proposal: Proposal) -> bool:
    """Whether a question is answered first of all by the sentence that it was made of."""
    if not answer.answered or not answer.claims:
        return False
    first = answer.claims[0]
    keys = {key for citation in first.citations for key in _keys(citation)}
    if proposal.paragraph.key not in keys or proposal.sentence[:_OPENING] not in first.text:
        return False
    return proposal.form != SAID or not _speaks_elsewhere(answer, proposal)


def _speaks_elsewhere(answer: Answer, proposal: Proposal) -> bool:
    """Whether who is asked about speaks in other paragraphs too, so that "What did … say?" asks for no one thing."""
    surname = proposal.about.split()[-1][:_STEM]
    own = {key for citation in answer.claims[0].citations for key in _keys(citation)}
    return any(
        f"{entry.article}#{entry.paragraph}" not in own
        and surname in entry.text.casefold()
        and _SPOKE.search(entry.text)
        for entry in answer.evidence
    )


def _varied(proposals: Iterator[Proposal], seen: set[str]) -> Iterator[Proposal]:
    """Yield the proposals from paragraphs that were not cited, the first of each form before the second of any."""
    waiting = [entry for entry in proposals if entry.paragraph.key not in seen]
    while waiting:
        forms: set[str] = set()
        later = []
        for entry in waiting:
            if entry.form in forms:
                later.append(entry)
                continue
            forms.add(entry.form)
            yield entry
        waiting = later


def _proposals(assistant: Assistant, answer: Answer) -> Iterator[Proposal]:
    """Yield what could be asked of the cited articles, each from what is cited outwards."""
    library = assistant.searcher.library
    cited: dict[str, list[int]] = {}
    for source in answer.sources:
        cited.setdefault(source.article, []).append(source.paragraph)
    live = {article.id: article for article in library.articles(Filters(articles=tuple(cited)))}
    for name, numbers in cited.items():
        if name not in live:
            continue
        for paragraph in sorted(library.paragraphs(live[name]), key=partial(_distance, numbers)):
            if paragraph.kind not in {Kind.FURNITURE, Kind.HEADING}:
                yield from proposals_in(paragraph)


def _distance(numbers: Sequence[int], paragraph: Paragraph) -> int:
    return min(abs(paragraph.number - number) for number in numbers)


def proposals_in(paragraph: Paragraph) -> Iterator[Proposal]:
    """Yield the questions that the sentences of a paragraph could answer."""
    for sentence in split_sentences(paragraph.text):
        for form, pattern in _PATTERNS:
            for match in pattern.finditer(sentence.text):
                question = _question(form, match)
                if question and len(question) <= LONGEST_QUESTION:
                    about = match.groupdict().get("who") or match.group(0)
                    yield Proposal(question, form, _plain(about), paragraph, sentence.text)


def _question(form: str, match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    who = re.sub(r"^The ", "the ", parts.get("who") or "")
    if who and not who.startswith("the ") and not _is_name(who):
        return None
    does, _, do = _ASKING.get(parts.get("verb") or "", "").partition(" ")
    return form.format(**{**parts, "who": who, "does": does, "do": do})


def _is_name(name: str) -> bool:
    return not _NO_NAME.intersection(name.split())


def _keys(citation: Citation) -> tuple[str, ...]:
    return f"{citation.article}#{citation.paragraph}", *citation.copies


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
