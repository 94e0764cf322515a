"""Conversations made for development: turns, what is asked in the end, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.question.following.manners import Manner
from assistant.types import Form, Turn

OUTLETS = ("The Demo Gazette", "Harbor Herald", "Sample Wire")
GAZETTE, HERALD, WIRE = OUTLETS
FERRY = "What's the latest on the ferry?"
STRIKE = "Summarise the coverage of the strike"
PRISONERS = "When will Russia and Ukraine exchange prisoners?"
TALKS = "Give me a timeline of the talks"
BUDGET = "What do the articles say about the budget row?"
PACE = "Who is Julie Pace?"
TOLL = "How do the Gazette and the Herald differ on the toll?"
COUNTED = "How many articles mention the ferry?"
SHOOTING = "How many people died in the El Paso shooting?"
VERDICT = "How did people react to the verdict?"
SIEGE = "Walk me through the events of the siege"
MAYOR = "Who is the mayor of Lima?"
JOHNSON = "Which articles mention Boris Johnson?"
BACKGROUND = "Give me some background on the dispute"
CAUSE = "Do the outlets agree about the cause?"
VOTE = "Did the vote pass?"
MERGER = "What's the latest on the merger?"
DATED = "22 April 2024: The ferry sank. [1]\n25 April 2024: Divers reached it. [2]"
LONG, SHORT, TABLE = Manner(length="long"), Manner(length="short"), Manner(as_table=True)
NONE = Manner()


@dataclass(frozen=True, slots=True)
class Made:
    """A conversation; `text` is what is asked in full, or, with an ellipsis, words that must be in it."""

    turns: tuple[str, ...]
    text: str
    manner: Manner = NONE
    answer: str = ""
    """What was answered to the turn before the last."""

    @property
    def history(self) -> list[Turn]:
        *earlier, last = self.turns[:-1] or ("",)
        return [*map(Turn, earlier), Turn(last, self.answer)] if self.turns[:-1] else []

    def holds(self, text: str) -> bool:
        if not self.text.endswith("…"):
            return text == self.text
        return all(word in text for word in self.text.removesuffix("…").split())


def of(form: Form, **more: object) -> Manner:
    return Manner(form=form, **more)  # type: ignore[arg-type]


CONVERSATIONS = (
    # longer, shorter
    Made((FERRY, "in more detail"), FERRY, LONG),
    Made((FERRY, "more"), FERRY, LONG),
    Made((FERRY, "More please!"), FERRY, LONG),
    Made((FERRY, "Can you give me a longer answer?"), FERRY, LONG),
    Made((FERRY, "go on"), FERRY, LONG),
    Made((FERRY, "tell me more"), FERRY, LONG),
    Made((FERRY, "Could you elaborate on that?"), FERRY, LONG),
    Made((FERRY, "I need more details"), FERRY, LONG),
    Made((FERRY, "that's too short"), FERRY, LONG),
    Made((FERRY, "in more detail", "even more detail please"), FERRY, LONG),
    Made((FERRY, "shorter"), FERRY, SHORT),
    Made((FERRY, "briefly please"), FERRY, SHORT),
    Made((FERRY, "in one sentence"), FERRY, SHORT),
    Made((FERRY, "That's too long, can you shorten it?"), FERRY, SHORT),
    Made((FERRY, "tl;dr"), FERRY, SHORT),
    Made((FERRY, "say it in 50 words"), FERRY, SHORT),
    Made((FERRY, "make it short"), FERRY, SHORT),
    Made((FERRY, "longer", "no, shorter"), FERRY, SHORT),
    Made((PRISONERS, "more detail please"), PRISONERS, LONG),
    # table and list
    Made((TALKS, "as a table"), TALKS, TABLE),
    Made((TALKS, "in a table please"), TALKS, TABLE),
    Made((TALKS, "Could you put that into a table?"), TALKS, TABLE),
    Made((TALKS, "show it in tabular form"), TALKS, TABLE),
    Made((TALKS, "shorter", "as a table"), TALKS, Manner(length="short", as_table=True)),
    Made((TALKS, "as a table", "make it a list"), TALKS, NONE),
    Made((TALKS, "as bullet points"), TALKS, NONE),
    # another form
    Made((STRIKE, "as a timeline"), STRIKE, of(Form.TIMELINE)),
    Made((STRIKE, "Give me that in chronological order"), STRIKE, of(Form.TIMELINE)),
    Made((STRIKE, "and the timeline?", "as a table"), STRIKE, of(Form.TIMELINE, as_table=True)),
    Made((TALKS, "summarise that"), TALKS, of(Form.OVERVIEW, length="short")),
    Made((TALKS, "give me the main points"), TALKS, of(Form.OVERVIEW)),
    Made((TALKS, "any news?"), TALKS, of(Form.LATEST)),
    Made((TALKS, "and what's the latest?"), TALKS, of(Form.LATEST)),
    Made((STRIKE, "compare the outlets on this"), STRIKE, of(Form.COMPARISON)),
    Made((STRIKE, "Do the outlets agree?"), STRIKE, of(Form.COMPARISON)),
    Made(
        (STRIKE, "How do the Gazette and the Herald differ?"),
        STRIKE,
        of(Form.COMPARISON, outlets=(GAZETTE, HERALD)),
    ),
    Made((STRIKE, "any reactions?"), STRIKE, of(Form.OPINION)),
    Made((STRIKE, "What do critics say about it?"), STRIKE, of(Form.OPINION)),
    Made((STRIKE, "How did it unfold?"), STRIKE, of(Form.TIMELINE)),
    Made((STRIKE, "Which articles mention it?"), STRIKE, of(Form.LIST)),
    Made((STRIKE, "How many articles are there about it?"), STRIKE, of(Form.COUNT)),
    Made(("Who leads the delegation?", "some background please"), "Who leads the delegation?", of(Form.OVERVIEW)),
    # outlets
    Made((STRIKE, "only the Gazette"), STRIKE, Manner(outlets=(GAZETTE,))),
    Made((STRIKE, "just Sample Wire's reports"), STRIKE, Manner(outlets=(WIRE,))),
    Made((STRIKE, "What about the Herald?"), STRIKE, Manner(outlets=(HERALD,))),
    Made((STRIKE, "and what does the herald say?"), STRIKE, Manner(outlets=(HERALD,))),
    Made((STRIKE, "only the Gazette", "and the Herald?"), STRIKE, Manner(outlets=(HERALD,))),
    Made((STRIKE, "only the Gazette", "in more detail"), STRIKE, Manner(outlets=(GAZETTE,), length="long")),
    Made((STRIKE, "only the Gazette", "now all outlets again"), STRIKE, NONE),
    Made((STRIKE, "according to Harbor Herald and Sample Wire?"), STRIKE, Manner(outlets=(HERALD, WIRE))),
    Made((PRISONERS, "what did the Gazette report?"), PRISONERS, Manner(outlets=(GAZETTE,))),
    # before that
    Made((FERRY, "And before that?"), FERRY, Manner(before=date(2024, 4, 22)), DATED),
    Made((FERRY, "what happened before?"), FERRY, Manner(before=date(2024, 4, 22)), DATED),
    Made((FERRY, "earlier?"), FERRY, Manner(before=date(2024, 4, 22)), DATED),
    Made((FERRY, "in more detail", "and before that?"), FERRY, Manner(length="long", before=date(2024, 4, 22)), DATED),
    Made(
        (FERRY, "and before that?"), FERRY, Manner(before=date(2024, 5, 3)), "The ferry sailed again on 3 May 2024. [1]"
    ),
    Made((FERRY, "and before that?"), FERRY, NONE, "The ferry sails again. [1]"),
    # another topic in the same form
    Made((FERRY, "and the bridge?"), "What's the latest on the bridge?"),
    Made((FERRY, "what about the bridge"), "What's the latest on the bridge?"),
    Made((FERRY, "And on the harbour tunnel?"), "What's the latest on the harbour tunnel?"),
    Made((FERRY, "and the bridge?", "as a table"), "What's the latest on the bridge?", TABLE),
    Made((FERRY, "and the bridge?", "and the tunnel?"), "What's the latest on the tunnel?"),
    Made(("Who is Dan Scavino?", "And Julie Pace?"), "Who is Julie Pace?"),
    Made(
        ("What do critics say about the budget?", "what about the new law?"), "What do critics say about the new law?"
    ),
    Made(("How many articles are there about Brexit?", "and about Lima?"), "How many articles are there about Lima?"),
    Made(("What happened in Lima last week?", "and in March 2024?"), "What happened in Lima in March 2024?"),
    Made((STRIKE, "Summarise the bridge repairs"), "Summarise the bridge repairs"),
    Made((FERRY, "And what's the latest on the bridge?"), "What's the latest on the bridge?"),
    Made((FERRY, "Give me a timeline of the siege", "longer"), "Give me a timeline of the siege", LONG),
    # facts go on as ever
    Made((PRISONERS, "And how many were wounded?"), "And how many were wounded? (Russia Ukraine exchange prisoners)"),
    Made((PRISONERS, "Why?"), "Why? Russia Ukraine prisoners…"),
    Made((FERRY, "Why did it sink?"), "Why did it sink? (ferry)"),
    Made((FERRY, "and the bridge?", "when was it built?"), "when was it built? (bridge)"),
    Made((FERRY, "thanks!", "in more detail"), FERRY, LONG),
    Made((FERRY, "thanks!"), "thanks!"),
    Made(
        ("Who leads the council?", "Who is she?"),
        "Who is Rosa Diaz?",
        NONE,
        "Rosa Diaz leads the council. [1] She won.",
    ),
    # in a full question
    Made(("Summarise the strike as a table",), "Summarise the strike", TABLE),
    Made(("briefly: what happened with the ferry",), "What happened with the ferry", SHORT),
    Made(("In one sentence, what was the strike about?",), "What was the strike about?", SHORT),
    Made(("Give me a short summary of the strike",), "Give me a summary of the strike", SHORT),
    Made(("Can you briefly summarise the talks, please?",), "Can you summarise the talks, please?", SHORT),
    Made(("Give me a detailed overview of the talks",), "Give me an overview of the talks", LONG),
    Made(
        ("Summarise the strike as a table", "in more detail"),
        "Summarise the strike",
        Manner(length="long", as_table=True),
    ),
    Made(("Who came to the negotiating table?",), "Who came to the negotiating table?"),
    Made(("How long was the sentence?",), "How long was the sentence?"),
    # a second set, written to measure the first version: 62 of 80 then
    Made((BUDGET, "could i get that a bit longer"), BUDGET, LONG),
    Made((BUDGET, "expand on this please"), BUDGET, LONG),
    Made((BUDGET, "give me the full version"), BUDGET, LONG),
    Made((BUDGET, "what else?"), BUDGET, LONG),
    Made((BUDGET, "is there anything else?"), BUDGET, LONG),
    Made((BUDGET, "continue"), BUDGET, LONG),
    Made((BUDGET, "I want to know more about that"), BUDGET, LONG),
    Made((BUDGET, "more info"), BUDGET, LONG),
    Made((BUDGET, "explain in more depth"), BUDGET, LONG),
    Made((BUDGET, "Please be brief"), BUDGET, SHORT),
    Made((BUDGET, "in two sentences, please"), BUDGET, SHORT),
    Made((BUDGET, "can you make that more concise?"), BUDGET, SHORT),
    Made((BUDGET, "just the short version"), BUDGET, SHORT),
    Made((BUDGET, "Too much. Less detail."), BUDGET, SHORT),
    Made((BUDGET, "in a nutshell?"), BUDGET, SHORT),
    Made((BUDGET, "shorten this to one paragraph"), BUDGET, SHORT),
    Made((BUDGET, "table"), BUDGET, TABLE),
    Made((BUDGET, "Can I have this as a table?"), BUDGET, TABLE),
    Made((BUDGET, "turn it into a table please"), BUDGET, TABLE),
    Made((BUDGET, "same thing in a table format"), BUDGET, TABLE),
    Made((BUDGET, "shorter and as a table"), BUDGET, Manner(length="short", as_table=True)),
    Made((BUDGET, "as a detailed timeline"), BUDGET, of(Form.TIMELINE, length="long")),
    Made((BUDGET, "sort by date"), BUDGET, of(Form.TIMELINE)),
    Made((BUDGET, "can you show that chronologically?"), BUDGET, of(Form.TIMELINE)),
    Made((BUDGET, "how did it develop over time?"), BUDGET, of(Form.TIMELINE)),
    Made((BUDGET, "sum it up"), BUDGET, of(Form.OVERVIEW, length="short")),
    Made((BUDGET, "what are the key points?"), BUDGET, of(Form.OVERVIEW)),
    Made((BUDGET, "what's the background to this?"), BUDGET, of(Form.OVERVIEW)),
    Made((BUDGET, "and how do things stand now?"), BUDGET, of(Form.LATEST)),
    Made((BUDGET, "has there been any news since?"), BUDGET, of(Form.LATEST)),
    Made((BUDGET, "do the papers disagree on that?"), BUDGET, of(Form.COMPARISON)),
    Made((BUDGET, "how do the reports differ?"), BUDGET, of(Form.COMPARISON)),
    Made((BUDGET, "what do experts think of it?"), BUDGET, of(Form.OPINION)),
    Made((BUDGET, "how did people react to it?"), BUDGET, of(Form.OPINION)),
    Made((BUDGET, "who wrote about it?"), BUDGET, of(Form.LIST)),
    Made((BUDGET, "list all articles on this"), BUDGET, of(Form.LIST)),
    Made((BUDGET, "how many articles cover this?"), BUDGET, of(Form.COUNT)),
    Made((BUDGET, "Gazette only"), BUDGET, Manner(outlets=(GAZETTE,))),
    Made((BUDGET, "What does Sample Wire say about it?"), BUDGET, Manner(outlets=(WIRE,))),
    Made((BUDGET, "how did the Herald cover it?"), BUDGET, Manner(outlets=(HERALD,))),
    Made((BUDGET, "from the Gazette please, and shorter"), BUDGET, Manner(outlets=(GAZETTE,), length="short")),
    Made(
        (BUDGET, "only the Gazette", "what about Sample Wire", "in one sentence"),
        BUDGET,
        Manner(outlets=(WIRE,), length="short"),
    ),
    Made((FERRY, "What came before?"), FERRY, Manner(before=date(2024, 4, 22)), DATED),
    Made((FERRY, "and what happened earlier?"), FERRY, Manner(before=date(2024, 4, 22)), DATED),
    Made(
        (FERRY, "what was before that"),
        FERRY,
        Manner(before=date(2024, 4, 22)),
        "Thursday, April 22, 2024: x. [1]\n2024-04-25: y",
    ),
    Made((BUDGET, "and the pension reform?"), "What do the articles say about the pension reform?"),
    Made((BUDGET, "how about Lima"), "What do the articles say about Lima?"),
    Made((BUDGET, "same for the strike"), "What do the articles say about the strike?"),
    Made((TOLL, "and on the cause?"), "How do the Gazette and the Herald differ on the cause?"),
    Made(
        ("Compare the responses of France and Germany", "and Poland?"),
        "Compare the responses of France and Germany and Poland",
    ),
    Made((COUNTED, "and the strike?"), "How many articles mention the strike?"),
    Made((COUNTED, "and in 2019?"), "How many articles mention the ferry in 2019?"),
    Made((PACE, "what did she say about the election?"), "what did she say about the election? Pace…"),
    Made((PACE, "tell me more about her"), "Julie Pace…", LONG),
    Made((SHOOTING, "who was the shooter?"), "who was the shooter? Paso…"),
    Made((SHOOTING, "was he caught?"), "was he caught? Paso…"),
    Made((SHOOTING, "is it true?"), "is it true? Paso…"),
    Made((SHOOTING, "when was that?"), "when was that? Paso…"),
    Made((SHOOTING, "how many more?"), "how many more? Paso…"),
    Made((SHOOTING, "and in Dayton?"), "and in Dayton? Paso…"),
    Made((SHOOTING, "Did it take longer than expected?"), "Did it take longer than expected? Paso…"),
    Made((SHOOTING, "What did the police say?"), "What did the police say? Paso…"),
    Made((BUDGET, "who started it?"), "who started it? budget…"),
    Made((BUDGET, "why did they agree?"), "why did they agree? budget…"),
    Made((BUDGET, "What is the capital of Peru?"), "What is the capital of Peru?…"),
    Made((BUDGET, "ok thanks", "and as a table?"), BUDGET, TABLE),
    Made((BUDGET, "hello"), "hello"),
    Made((BUDGET, "what can you do?"), "what can you do?"),
    Made((BUDGET, "Which outlets are in the collection?"), "Which outlets are in the collection?"),
    Made(("Compare the outlets on the strike in a table",), "Compare the outlets on the strike", TABLE),
    Made(
        ("Make a table comparing the Gazette and the Herald on the toll",),
        "Make a comparison of the Gazette and the Herald on the toll",
        TABLE,
    ),
    Made(("TL;DR on the talks",), "Summary of the talks", SHORT),
    Made(("What happened in Lima last week? Keep it short.",), "What happened in Lima last week?", SHORT),
    Made(("Please write a long, detailed overview of the talks",), "Please write an overview of the talks", LONG),
    Made(("tell me in a few words what the strike is about",), "tell me what the strike is about", SHORT),
    Made(("Explain the dispute in detail",), "Explain the dispute", LONG),
    Made(("Who briefly led the party?",), "Who briefly led the party?"),
    Made(("Was the long version of the law passed?",), "Was the long version of the law passed?"),
    # a third: 31 of 45 then
    Made((VERDICT, "could you go into a bit more depth?"), VERDICT, LONG),
    Made((VERDICT, "not detailed enough"), VERDICT, LONG),
    Made((VERDICT, "give me everything on it"), VERDICT, LONG),
    Made((VERDICT, "just one line please"), VERDICT, SHORT),
    Made((VERDICT, "one sentence only"), VERDICT, SHORT),
    Made((VERDICT, "half as long"), VERDICT, SHORT),
    Made((VERDICT, "can you do that as a table with dates?"), VERDICT, TABLE),
    Made((VERDICT, "no table please"), VERDICT, NONE),
    Made((VERDICT, "tabulate that"), VERDICT, TABLE),
    Made((VERDICT, "now as a chronology"), VERDICT, of(Form.TIMELINE)),
    Made((SIEGE, "give me a summary instead"), SIEGE, of(Form.OVERVIEW, length="short")),
    Made((SIEGE, "What is the gist?"), SIEGE, of(Form.OVERVIEW)),
    Made((SIEGE, "where do things stand today?"), SIEGE, of(Form.LATEST)),
    Made((SIEGE, "what's new?"), SIEGE, of(Form.LATEST)),
    Made((SIEGE, "and the most recent developments?"), SIEGE, of(Form.LATEST)),
    Made((SIEGE, "is there disagreement between the outlets?"), SIEGE, of(Form.COMPARISON)),
    Made((SIEGE, "which outlets reported on it?"), SIEGE, of(Form.LIST)),
    Made((SIEGE, "how often was it reported?"), SIEGE, of(Form.COUNT)),
    Made((SIEGE, "who criticised it?"), SIEGE, of(Form.OPINION)),
    Made((SIEGE, "only from Harbor Herald please"), SIEGE, Manner(outlets=(HERALD,))),
    Made((SIEGE, "and Sample Wire?"), SIEGE, Manner(outlets=(WIRE,))),
    Made((SIEGE, "what did the Demo Gazette and Sample Wire write?"), SIEGE, Manner(outlets=(GAZETTE, WIRE))),
    Made((FERRY, "what about before then?"), FERRY, Manner(before=date(2024, 4, 22)), DATED),
    Made((FERRY, "go further back"), FERRY, Manner(before=date(2024, 4, 22)), DATED),
    Made((VERDICT, "and to the pardon?"), "How did people react to the pardon?"),
    Made((VERDICT, "what about the sentence"), "How did people react to the sentence?"),
    Made((VERDICT, "and in Germany?"), "How did people react to the verdict in Germany?"),
    Made((JOHNSON, "and Theresa May?"), "Which articles mention Theresa May?"),
    Made((JOHNSON, "what about Brexit, as a table"), "Which articles mention Brexit?", TABLE),
    Made((JOHNSON, "how many is that?"), JOHNSON, of(Form.COUNT)),
    Made((MAYOR, "since when?"), "since when? mayor Lima…"),
    Made((MAYOR, "which party does he belong to?"), "which party does he belong to? mayor Lima…"),
    Made((MAYOR, "and of Quito?"), "and of Quito? mayor…"),
    Made((MAYOR, "who was it before?"), "who was it before? mayor…"),
    Made((MAYOR, "tell me more about the mayor"), "Tell me about the mayor", LONG),
    Made((SIEGE, "how did it end?"), "how did it end? siege…"),
    Made((SIEGE, "How many were killed?"), "How many were killed? siege…"),
    Made((SIEGE, "what happened next?"), "what happened next? siege…"),
    Made((SIEGE, "Who is Rosa Diaz?"), "Who is Rosa Diaz?"),
    Made((SIEGE, "What happened in Lima?"), "What happened in Lima?…"),
    Made((SIEGE, "summarise the budget row briefly"), "summarise the budget row", SHORT),
    Made((SIEGE, "I'd like a table of the budget talks"), "I'd like an overview of the budget talks", TABLE),
    # a fourth: 25 of 30 then
    Made((BACKGROUND, "I'd like a bit more detail on this"), BACKGROUND, LONG),
    Made((BACKGROUND, "can you say more?"), BACKGROUND, LONG),
    Made((BACKGROUND, "a longer version please"), BACKGROUND, LONG),
    Made((BACKGROUND, "ok but shorter"), BACKGROUND, SHORT),
    Made((BACKGROUND, "Summarize it in three sentences"), BACKGROUND, of(Form.OVERVIEW, length="short")),
    Made((BACKGROUND, "can you give me the same as a table?"), BACKGROUND, TABLE),
    Made((BACKGROUND, "make a timeline out of it"), BACKGROUND, of(Form.TIMELINE)),
    Made((BACKGROUND, "what are the latest developments?"), BACKGROUND, of(Form.LATEST)),
    Made((BACKGROUND, "what are the different opinions on this?"), BACKGROUND, of(Form.OPINION)),
    Made((BACKGROUND, "how do the outlets compare?"), BACKGROUND, of(Form.COMPARISON)),
    Made((BACKGROUND, "show me the articles"), BACKGROUND, of(Form.LIST)),
    Made((BACKGROUND, "what does the Gazette say about this?"), BACKGROUND, Manner(outlets=(GAZETTE,))),
    Made((BACKGROUND, "limit it to Harbor Herald"), BACKGROUND, Manner(outlets=(HERALD,))),
    Made((CAUSE, "and about the toll?"), "Do the outlets agree about the toll?"),
    Made((CAUSE, "what about the date"), "Do the outlets agree about the date?"),
    Made((CAUSE, "just the Herald and the Gazette"), CAUSE, Manner(outlets=(GAZETTE, HERALD))),
    Made((MERGER, "and the takeover of Acme?"), "What's the latest on the takeover of Acme?"),
    Made((MERGER, "How about the lawsuit?", "more"), "What's the latest on the lawsuit?", LONG),
    Made((MERGER, "and before that"), MERGER, Manner(before=date(2024, 4, 22)), DATED),
    Made((MERGER, "anything earlier?"), MERGER, Manner(before=date(2024, 4, 22)), DATED),
    Made((MERGER, "who is the chief executive?"), "who is the chief executive? merger…"),
    Made((MERGER, "How much is it worth?"), "How much is it worth? merger…"),
    Made((MERGER, "what did the board say about it?"), "what did the board say about it? merger…"),
    Made((VOTE, "by how much?"), "by how much? vote…"),
    Made((VOTE, "who voted against it?"), "who voted against it? vote…"),
    Made((VOTE, "give me more details"), VOTE, LONG),
    Made((VOTE, "and in the Senate?"), "and in the Senate? vote…"),
    Made((VOTE, "what were the reactions?"), VOTE, of(Form.OPINION)),
    Made(("Please summarise in detail what happened in Lima",), "Please summarise what happened in Lima", LONG),
    Made(("List the articles on Brexit in a table",), "List the articles on Brexit", TABLE),
)
