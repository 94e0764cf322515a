"""Questions for a first visit, made from the collection itself, each tried before it is offered.

The articles are grouped into stories; what and who is named most in the biggest of them is asked about, in several
forms, so that a reader sees what can be asked. Only what gets an answer of the form that was meant is offered.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.answering import Assistant
from assistant.evidence.scope import is_news
from assistant.evidence.stories import Story, stories_of
from assistant.language.quotations import speakers
from assistant.language.words import is_dictionary_word, without_possessive
from assistant.question.kinds import names
from assistant.types import Form, Outcome
from index.library.library import Library
from index.splitting.sentences import split_sentences
from index.types import Article

MOST_SHOWN = 4
NEWEST = 100
"""Articles that are looked at."""
STORIES = 3
PARAGRAPHS = 6
"""First paragraphs of each article in which names are counted."""
LONGEST_SECONDS = 8.0
LONGEST_NAME = 40


def first_questions(assistant: Assistant) -> tuple[str, ...]:
    """Return up to four questions that the articles answer, each of another form. Takes some seconds."""
    library = assistant.searcher.library
    articles = [each for each in library.articles()[: 2 * NEWEST] if is_news(each)][:NEWEST]
    quoting = Assistant(assistant.searcher)
    end = time.monotonic() + LONGEST_SECONDS
    shown: dict[Form, str] = {}
    for form, question in _proposed(library, stories_of(library, articles)[:STORIES]):
        if len(shown) == MOST_SHOWN or time.monotonic() > end:
            break
        if form not in shown:
            answer = quoting.ask(question)
            if answer.form is form and answer.outcome is Outcome.ANSWERS:
                shown[form] = question
    return tuple(shown.values())


def _proposed(library: Library, stories: Sequence[Story]) -> Iterator[tuple[Form, str]]:
    """Yield questions about the biggest stories, with the form that is meant."""
    for story in stories:
        people, things = _named(library, story.articles)
        outlets = list(dict.fromkeys(each.outlet for each in story.articles if each.outlet))
        yield from ((Form.WHO_IS, f"Who is {name}?") for name in people[:1])
        for name in (things or people)[:1]:
            yield Form.LATEST, f"What is the latest on {name}?"
            if len(outlets) > 1:
                yield Form.COMPARISON, f"Compare what {outlets[0]} and {outlets[1]} report about {name}."
            if len(story.articles) > 1:
                yield Form.TIMELINE, f"Give me a timeline of {name}."
    yield Form.OVERVIEW, "Give me an overview of the articles."


def _named(library: Library, articles: Sequence[Article]) -> tuple[list[str], list[str]]:
    """Return the people, and the other things, named in most articles' first paragraphs, in two words or more."""
    counted: Counter[str] = Counter()
    speaking: set[str] = set()
    for article in articles:
        text = " ".join(each.text for each in library.paragraphs(article)[:PARAGRAPHS])
        speaking |= speakers(text)
        own = {_bare(name) for sentence in split_sentences(text) for name in names(f"– {sentence.text}")}
        outlet = (article.outlet or "").removeprefix("The ")
        counted.update(name for name in own if len(name.split()) > 1 and len(name) <= LONGEST_NAME and name != outlet)
    ranked = [name for name, _ in counted.most_common()]
    people = [name for name in ranked if _is_person(name.split()[-1].casefold(), speaking)]
    return people, [name for name in ranked if name not in people]


def _bare(name: str) -> str:
    """Return a name without titles before it and without a possessive: "President Ann Lee's" is "Ann Lee"."""
    words = without_possessive(name).rstrip(".,").split()
    while len(words) > 2 and is_dictionary_word(words[0].lower()) and words[1][0].isupper():  # noqa: PLR2004 - a name
        words = words[1:]
    return " ".join(words)


def _is_person(last_word: str, speaking: set[str]) -> bool:
    """Whether a name ends like that of somebody who speaks, and not like that of a bank or a party."""
    return last_word in speaking and not is_dictionary_word(last_word)
