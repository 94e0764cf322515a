"""Paragraphs are the non-empty lines; what belongs to the page and not to the report is marked as furniture."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.reading.readers import read_file
from index.splitting.paragraphs import split_paragraphs
from index.types import Article, Paragraph, ParagraphKind, RawArticle

BODY = "The council voted on Monday to rebuild the northern breakwater before the autumn storms arrive."
LINES = st.text() | st.sampled_from(
    [BODY, "Advertisement", "Other Topics of Interest", "## Heading", "- item", "“Quote”", "", " ", "\u00a0", "Share"]
)


def split(text: str) -> list[Paragraph]:
    return split_paragraphs(Article("a", 1, text, "", "/a.txt", "a.txt"))


def kind(line: str) -> ParagraphKind:
    """What a line is between two lines of a report."""
    return split(f"{BODY}\n{line}\n{BODY}")[1].kind


@given(st.lists(LINES).map("\n".join))
def test_nth_paragraph_is_the_nth_line_that_is_not_empty(text: str) -> None:
    paragraphs = split(text)
    assert [part.text for part in paragraphs] == [line.strip() for line in text.split("\n") if line.strip()]
    assert [part.number for part in paragraphs] == list(range(1, len(paragraphs) + 1))


@given(st.lists(LINES).map("\n".join))
def test_offsets_are_true_and_in_order_for_any_text(text: str) -> None:
    end = 0
    for part in split(text):
        assert text[part.start : part.end] == part.text
        assert part.start >= end
        assert not text[end : part.start].strip()
        end = part.end
    assert not text[end:].strip()


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_white_space_around_lines_changes_nothing(text: str) -> None:
    spaced = "\n\n".join(f" \t{line}\u00a0" for line in text.split("\n"))
    assert [(part.text, part.kind) for part in split(spaced)] == [(part.text, part.kind) for part in split(text)]


def test_paragraph_is_named_by_article_and_number() -> None:
    assert [part.key for part in split(f"{BODY}\n\n{BODY}")] == ["a#1", "a#2"]


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "ADVERTISEMENT",
        "* Advertisement *",
        "Sponsored content",
        "Story continues below advertisement",
        "Article continues after this message",
        "Share",
        "Share this article",
        "Save",
        "Comments",
        "Sign up for our morning briefing",
        "Sign up here to get it in your inbox",
        "Subscribe to The Example Gazette",
        "Get our weekly newsletter",
        "You can read this in our free daily newsletter, delivered at dawn.",
        "To suggest a correction or clarification, please write to us.",
        "Report an error",
        "You can also highlight the text and press Ctrl + Enter",
        "Follow us on Telegram",
        "Join our channel",
        "Read more: How a hospital train is fitted out",
        "Read also:",
        "See also: The other harbour",
        "(With inputs from agencies)",
        "Discover the latest news from the region in our app",
        "Stay on top of the news",
        "Download the Sample app",
        "All rights reserved.",
        "© 2025 The Example Gazette",
        "Copyright 2025 Demo Herald",
        "Photo: A. Sample",
        "Image credit: B. Specimen",
        "More from this author",
        "Related stories",
        "Most read",
        "You may also like",
        "Editor's picks",
        "We use cookies to make the site work.",
        "Back to top",
        "This article was originally published on 4 March.",
        "Donate today",
        "Support our journalism",
        "5 min read",
        "12 comments",
        "Loading...",
        "Tags: harbour, council",
        "* * *",
        "_____",
        "Tuesday, March 18, 2025",
        "Tuesday, 18 March 2025",
        "Published: 18 March 2025, 10:04",
        "Last updated 2 hours ago",
        "**Advertisement**",
        "> Read more: The other harbour",
    ],
)
def test_line_of_the_page_is_furniture(line: str) -> None:
    assert kind(line) is ParagraphKind.FURNITURE


BEGINS_LIKE_FURNITURE = [
    "The ministry publishes a weekly newsletter that 40,000 farmers read.",
    "He announced it in the morning newsletter of the foundation.",
    "Comments on the draft law close on Friday.",
    "Share this burden fairly, the bishop asked the council.",
    "Photo ID will be needed to vote.",
    "Other news outlets gave the number as 22.",
    "Top news executives resigned on Monday.",
    "Latest on the talks is that they go on, he said.",
    "(c) Ukraine keeps the right to defend its harbours.",
    "Copyright law does not protect facts, the court held.",
    "Published figures show that exports fell by four percent.",
    "Updated guidance was sent to all schools on Tuesday.",
    "Posted workers earn a third less.",
    "More stories of looting reached the capital by night.",
    "With input from three ministries, the envoy drew up a list.",
]


@pytest.mark.parametrize(
    "line",
    [
        "The advertisement, which ran on Monday, was withdrawn.",
        "Advertisements for tobacco are to be banned.",
        "Advertising revenue fell by a fifth, the paper said.",
        "Shares of the shipyard fell by four percent.",
        "Sharing the waters of the river was agreed in 1971.",
        "Subscribers to the channel were told to take cover.",
        "Related charges against two officers were dropped.",
        "Recommended doses were exceeded in three clinics.",
        "The most read passage of the treaty is its preamble.",
        "Donors pledged nine billion at the conference.",
        "Donations to the fund are tax-free, the ministry said.",
        "Photographs of the damaged pier were shown in court.",
        "The video: proof or forgery, the judge asked.",
        "Readers of the paper wrote more than 3,000 letters.",
        "Signing up for the army has become easier, the minister said.",
        "Emails between the two offices were published on Friday.",
        "Saved by a fishing boat, the crew was taken to Odesa.",
        "Updating the pact will take a year, diplomats said.",
        "Publishing the list would endanger the prisoners, Kyiv said.",
        "Tuesday, March 18, 2025, was the day on which the guns fell silent.",
        "Cookies were handed to the children on the train.",
        "Following us on the road were two trucks, she said.",
        "The newsletter was closed by the censors in 2022.",
        "The site uses cookies of granite from the quarry.",
        "Loading the ferry takes an hour.",
        "12 comments were struck from the record by the judge.",
        "Print workers went on strike on Thursday.",
        *BEGINS_LIKE_FURNITURE,
    ],
)
def test_sentence_of_a_report_that_resembles_furniture_is_kept(line: str) -> None:
    assert kind(line) is not ParagraphKind.FURNITURE


def test_long_paragraph_is_a_report_whatever_words_it_begins_with() -> None:
    assert kind("Subscribe to the view that " + "the harbour matters " * 20) is ParagraphKind.BODY


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (BODY, ParagraphKind.BODY),
        ("## What was agreed", ParagraphKind.HEADING),
        ("What was agreed", ParagraphKind.HEADING),
        ("It was agreed.", ParagraphKind.BODY),
        ("- Russia frees 175 prisoners", ParagraphKind.LIST),
        ("1. Russia frees 175 prisoners", ParagraphKind.LIST),
        ("(2) Ukraine does the same", ParagraphKind.LIST),
        ("• Both sides stop", ParagraphKind.LIST),
        ("> A halt that nobody counts is a halt that nobody keeps.", ParagraphKind.QUOTE),
        ("“A halt that nobody counts is a halt that nobody keeps.”", ParagraphKind.QUOTE),
        ("“A halt that runs on into the next paragraph.", ParagraphKind.QUOTE),
        ("“They would,” he said, and left the room.", ParagraphKind.BODY),
        ("«Перемирие началось».", ParagraphKind.QUOTE),
        ("19 March was the day.", ParagraphKind.BODY),
        ("-5 degrees were measured.", ParagraphKind.BODY),
    ],
)
def test_kinds(line: str, expected: ParagraphKind) -> None:
    assert kind(line) is expected


def test_short_last_line_is_no_heading() -> None:
    assert split(f"{BODY}\nNothing else was said")[-1].kind is ParagraphKind.BODY


def test_links_to_other_stories_are_furniture_with_their_teasers() -> None:
    text = f"""{BODY}

    Other Topics of Interest

    Harbour museum restarts its tide clock

    The museum's brass mechanism had stood still since the autumn.

    Orchard cooperative presses cider again

    Seven years after the mill burned down, the orchard has a press.

    The mayor described the vote as the end of a long quarrel, and thanked the fishermen.

    {BODY}"""
    assert [part.number for part in split(text) if part.kind is ParagraphKind.FURNITURE] == [2, 3, 4, 5, 6]


def test_paragraph_after_a_headline_of_the_links_that_shares_no_word_with_it_is_the_report() -> None:
    text = f"{BODY}\nRelated stories\nTide clock ticks again\n{BODY}\n{BODY}"
    body, furniture = ParagraphKind.BODY, ParagraphKind.FURNITURE
    assert [part.kind for part in split(text)] == [body, furniture, furniture, body, body]


def test_five_shared_reports_have_93_paragraphs_each_addressable(shared_articles: Path) -> None:
    total = 0
    for path in sorted(shared_articles.glob("*.txt")):
        [raw] = read_file(path)
        assert isinstance(raw, RawArticle)
        lines = [line.strip() for line in path.read_text("utf-8").split("\n") if line.strip()]
        paragraphs = split(raw.text)
        assert [raw.text[part.start : part.end] for part in paragraphs] == lines
        assert [part.key for part in paragraphs] == [f"a#{number}" for number in range(1, len(lines) + 1)]
        assert any(part.kind is ParagraphKind.BODY for part in paragraphs)
        total += len(paragraphs)
    assert total == 93
