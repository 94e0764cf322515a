"""What a wide question is about: its words without those that say what kind of answer is wanted."""

from __future__ import annotations

import re

from index.splitting.terms import STOPWORDS

_ASKING = frozenset(
    # the kind of answer
    "summarise summarize summary summaries summarised summarized summation sum sums recap digest overview outline "
    "rundown roundup brief briefing briefly gist point points main key important essential essentials highlights "
    "takeaway takeaways background context backstory backdrop history timeline chronology chronological "
    "chronologically sequence order unfold unfolded unfolding evolve evolved develop developed developing development "
    "developments latest newest recent recently news newsworthy update updates updated current currently now today "
    "stand stands status state so far lately compare compared compares comparing comparison contrast versus vs differ "
    "differs differed difference differences disagree disagrees agree agrees agreed same similar different differently "
    "opinion opinions view views viewpoint viewpoints reaction reactions react reacted reacting response responses "
    "respond responded responding stance stances think thinks thought feel feels felt expect expects expected predict "
    "predicts predicted prediction predictions forecast received receive perceived criticism commentary comment "
    "comments critics experts observers commentators analysts people everybody everyone anyone anybody somebody "
    "someone others both each between among sides side "
    # what is done with it
    "tell tells told give gives gave show shows explain explains explained describe describes described detail details "
    "detailed list lists write walk run take bring make help catch know knew knows want wants wanted need needs like "
    "please kindly let lets go going gone went come came get got happen happens happened happening occur occurred "
    "occurs take took taken place say says said saying report reports reported reporting cover covers covered "
    "mention mentions mentioned publish published talk talking speak read reading see look heard hear find found "
    "do does did done doing "
    # of the collection
    "article articles story stories coverage reporter reporters press media newspaper newspapers paper papers outlet "
    "outlets source sources collection archive piece pieces headline headlines account accounts "
    # small words
    "thing things stuff anything everything something nothing all any every overall general generally whole entire "
    "long short quick quickly full complete bit more most much many few step steps day date dates by up out over since "
    "through around during regarding concerning about just also only ever even really still yet there here what which "
    "when where who how why is are was were be been being has have had it its they them their this that these those "
    "your you me us i we our my can could would should will may might must if else ones ok "
    "okay hey hi hello thanks thank cheers pls plz whats what's who's whos wheres where's hows how's "
    "s re ve ll d t m im i'm i'd id".split()
)
"""Words that say what is wanted, not of what. A word of a name is kept: "Time", "The Talk"."""
_SMALL = frozenset("new old first last next one two great big second third".split())
"""Words that belong to a topic only in front of a word that does: "New Hampshire", "last round"."""
_WORD = re.compile(r"[^\W_]+(?:[’'.&-][^\W_]+)*")
_MOST_JOINING = 2
"""Small words that may stand between two words of a topic."""
_LONGEST = 40
"""Words of a topic: more tell nothing further to a search."""


def topic_of(question: str) -> str:
    """Return the words of a question that say what it is about, in their order; empty where it is about everything.

    Small words are kept between two words that stay: "fall of the wall". The text is that without times and outlets.
    """
    words = [match[0] for match in _WORD.finditer(question)]
    kept = {place for place, word in enumerate(words) if _is_topical(word, opens=place == 0)}
    kept |= {place for place, word in enumerate(words) if word.lower() in _SMALL and place + 1 in kept}
    if not kept:
        return ""
    spoken: list[str] = []
    joining: list[str] = []
    for place in range(min(kept), max(kept) + 1):
        if place not in kept:
            joining.append(words[place])
            continue
        if len(joining) <= _MOST_JOINING and all(word.lower() in STOPWORDS for word in joining):
            spoken += joining
        joining = []
        spoken.append(words[place])
    return " ".join(spoken[:_LONGEST])


def _is_topical(word: str, *, opens: bool) -> bool:
    plain = word.lower().replace("’", "'")
    plain = plain.removesuffix("'s") or plain
    if plain in STOPWORDS or plain in _SMALL:
        return False
    is_name = word[0].isupper() and not opens
    return plain not in _ASKING or is_name
