"""Which outlets a question asks: "What did the Gazette report?", "according to Sample Wire"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SAYING = (
    r"say|says|said|report|reports|reported|write|writes|wrote|written|give|gives|gave|given|put|puts|print|prints|"
    r"printed|publish|publishes|published|mention|mentions|mentioned|claim|claims|claimed|describe|describes|"
    r"described|quote|quotes|quoted|cover|covers|covered"
)
_PIECE = r"report|reporting|article|story|piece|coverage|version|account|figure|number|count|headline"
_AND = r"(?:,\s*(?:and |or )?|\s+(?:and|or)\s+)"
_GENERAL = frozenset(
    "agency news newspaper press media network service services tv television broadcasting online magazine".split()
)
"""Last words of names that people leave out."""
_OWN = r"(?:own |latest |newest |first |earlier |later |corrected )*"


def outlets_asked(question: str, outlets: Iterable[str]) -> tuple[str, ...]:
    """Return the outlets whose own reporting a question asks for; a question that is about an outlet asks none.

    Names count in full, without their "The", or by their last word behind "the" where no other outlet shares it. One
    that "and" or "or" joins to an outlet that is asked is asked, too.
    """
    known = _named(outlets)
    names = {outlet: _name_pattern(outlet, known) for outlet in known if outlet.split()[-1] in question}
    asked = {outlet for outlet, name in names.items() if _asks(question, name)}
    while joined := {outlet for outlet in names.keys() - asked if _is_joined(question, names, outlet, asked)}:
        asked |= joined
    return tuple(outlet for outlet in known if outlet in asked)


def outlets_named(text: str, outlets: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Return the outlets that a text names at all, in whatever case, and the text without them."""
    known = _named(outlets)
    found = []
    for outlet in sorted(known, key=len, reverse=True):
        pattern = rf"(?<!\w){_name_pattern(outlet, known)}(?:['’]s?)?(?!\w)"
        if re.search(pattern, text, re.IGNORECASE):
            found.append(outlet)
            text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
    return tuple(outlet for outlet in known if outlet in found), text


def without_attribution(question: str, outlets: Iterable[str]) -> str:
    """Return a question without its "according to" these outlets: once only they are searched, the words mislead."""
    known = _named(outlets)
    if not known:
        return question
    name = "|".join(_name_pattern(outlet, known) for outlet in known)
    question = re.sub(rf",?\s*\b(?i:according) to (?:{name})(?:{_AND}(?:{name}))*\b", "", question)
    return question.lstrip(" ,")


def _named(outlets: Iterable[str]) -> tuple[str, ...]:
    """Return the outlets that have a name: a filter may hold anything."""
    return tuple(outlet for outlet in outlets if outlet.removeprefix("The ").split())


def _asks(question: str, name: str) -> bool:
    forms = (
        rf"\b(?i:according) to {name}\b",
        rf"\b(?:{_SAYING}) (?:by|in) {name}\b",
        rf"\b{name}['’]s? {_OWN}(?:{_PIECE})s?\b",
        rf"\b(?i:in) {name} (?:{_PIECE})s?\b",
        rf"\b(?i:does|did|do|has|have|had|and) {name} (?:\w+ly |also |first )?(?:{_SAYING})\b",
        rf"\b{name} (?:{_SAYING})\b",
    )
    return any(re.search(form, question) for form in forms)


def _is_joined(question: str, names: Mapping[str, str], outlet: str, asked: Iterable[str]) -> bool:
    own = names[outlet]
    return any(re.search(rf"{own}{_AND}{names[other]}\b|{names[other]}{_AND}{own}\b", question) for other in asked)


def _name_pattern(outlet: str, known: tuple[str, ...]) -> str:
    """Return a pattern of the names an outlet goes by: in full, without its first words, or without a last general one.

    "the Post" and "the Morning Post" are the Tarrow Morning Post, where no other outlet ends so; "Northline" is the
    Northline Agency.
    """
    words = outlet.removeprefix("The ").split()
    names = [rf"(?:[Tt]he )?{_escaped(words)}"]
    for start in range(1, len(words)):
        tail = words[start:]
        if sum(other.split()[-len(tail) :] == tail for other in known) == 1:
            names.append(rf"[Tt]he {_escaped(tail)}")
    if len(words) > 1 and words[-1].lower() in _GENERAL:
        head = words[:-1]
        if sum(other.removeprefix("The ").split()[: len(head)] == head for other in known) == 1:
            names.append(_escaped(head))
    return rf"(?:{'|'.join(names)})"


def _escaped(words: list[str]) -> str:
    return " ".join(map(re.escape, words))
