"""What stands around the sentences of a model's text: sections with their headings, and what it says is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.gate.exact import wrong_values
from assistant.gate.types import CitedParagraph
from assistant.language.times import resolved_dates
from assistant.question.kinds import content_terms
from assistant.safe_text import for_model, one_line
from assistant.types import Claim, Section
from assistant.writing.claims import FEWEST_TERMS
from assistant.writing.lines import names_day
from assistant.writing.marks import MarkedSentence
from assistant.writing.orders import is_order
from assistant.writing.prompting import Shown, declines

MOST_OPEN = 4
LONGEST_OPEN = 200
"""Characters of what a model says is open: nobody checks it."""
OPEN = "Not in the articles, says the model:"


class Layout:
    """Puts the claims of one answer into the sections in which the model wrote their sentences."""

    def __init__(self, shown: Sequence[Shown]) -> None:
        self._cited = {
            (entry.hit.article.id, entry.paragraph.number): CitedParagraph(entry.paragraph, entry.hit.article)
            for entry in shown
        }
        self._places: dict[int, list[int]] = {}
        self._headings: dict[int, str] = {}

    def add(self, place: int, sentence: MarkedSentence) -> None:
        """Note in which section the claim at a place stands."""
        self._places.setdefault(sentence.section, []).append(place)
        self._headings[sentence.section] = sentence.heading

    def sections(self, claims: Sequence[Claim]) -> tuple[Section, ...]:
        """Return the sections; none where no heading stands over any claim."""
        made = [self._section(number, places, claims) for number, places in self._places.items()]
        return tuple(made) if any(section.heading for section in made) else ()

    def _section(self, number: int, places: Sequence[int], claims: Sequence[Claim]) -> Section:
        """Return a section; a heading that states a number which its claims do not cite is left out."""
        heading = one_line(for_model(self._headings[number]))
        keys = {(each.article, each.paragraph) for place in places for each in claims[place].citations}
        cited = [self._cited[key] for key in sorted(keys) if key in self._cited]
        if names_day(heading):
            return Section(heading, tuple(places), _day(heading, cited))
        if is_order(heading) or (cited and wrong_values(heading, cited)):
            heading = ""
        return Section(heading, tuple(places))


def _day(heading: str, cited: Sequence[CitedParagraph]) -> str | None:
    """Return the first day that a heading names, one without a year as seen from the articles cited under it."""
    seen_from: list[date | None] = [each.article.published for each in cited if each.article.published]
    for published in seen_from or [None]:
        if days := resolved_dates(heading, published):
            return min(days).isoformat()
    return None


class Gaps:
    """Collects what a model says is not in the articles."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.any = False

    def note(self, sentence: MarkedSentence) -> None:
        """Note a sentence that says so."""
        self.any = True
        before, _, behind = sentence.text.partition(":")
        said = sentence.text
        if behind.strip():
            said = before if declines(behind) else behind if declines(before) else said
        said = one_line(for_model(f"{sentence.heading}: {said}" if sentence.heading else said)).strip(" .")
        if not behind.strip() and len(content_terms(said)) < FEWEST_TERMS:
            return  # it declines, and says of nothing in particular that it is open
        if len(said) <= LONGEST_OPEN and said not in self.told and len(self.told) < MOST_OPEN and not is_order(said):
            self.told.append(said)

    def added_to(self, note: str | None) -> str | None:
        """Return a note with what is open behind it."""
        told = f"{OPEN} {'; '.join(self.told)}." if self.told else ""
        return " ".join(filter(None, (note, told))) or None
