"""Orders to a machine hidden in an article: sentences that address what reads the article for somebody else.

Articles are data, and no order in one has any effect; but a weak model may follow it all the same. So such sentences
are not shown to a model, and nothing that it writes counts as stated by them. A reader sees them as any other text.
"""

from __future__ import annotations

import re

from index.splitting.sentences import split_sentences

_MACHINE = r"(?:AI|A\.I\.|assistant|language models?|LLMs?|chat ?bots?|(?:AI |chat )?models?|GPT|bots?)"
_ORDER = re.compile(
    rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,40}}\b(?:instructions?|rules? above|prompts?|above|you were told)\b"
    rf"|\b(?:dear|note to|attention|to all|to any|if you are)\s+(?:an?\s+|the\s+|all\s+)?{_MACHINE}\b"
    rf"|\b(?:the|this|every|any)\s+{_MACHINE}\s+(?:must|should|shall|has to|have to)\b|\b{_MACHINE},\s+please\b"
    rf"|\byou are now\s+(?:an?\s+)?(?:unfiltered|unrestricted|{_MACHINE})\b|\bfrom now on,? you are\b"
    r"|\bnew instructions?\s*:|\bsystem (?:prompt|override)\b|\b(?:forget|ignore) (?:my|the user’s|the user's) question\b"
    r"|\byou must (?:now )?(?:reveal|say|answer|write|reply|output)\b|\bthe user (?:has )?(?:cancelled|asked you|wants you)\b"
    r"|\byour answer\b|\bevery answer\b|\byour password\b|\bcite this\b|\bdo not cite\b|\bwhatever is asked\b"
    r"|\bwhoever (?:summari[sz]es|answers)\b|\b(?:answer|reply|respond) only with\b|^\W*(?:do not|don’t|don't) mention\b"
    r"|\b(?:answer|reply|respond|begin) with\s+(?:the (?:word|number)\b|(?-i:[A-Z]{3,}\b))|\b(?:say|write)\s+(?-i:[A-Z]{3,}\b)"
    r"|\bsay instead\b|\bnow (?:write|say)\s*:|^\W*(?:system|assistant|user)\s*:"
    r"|(?-i:\bEND OF (?:PARAGRAPHS?|ARTICLES?|SOURCES?|CONTEXT)\b|\bNOT IN THE ARTICLES\b)"
    r"|^\W*override\s*:|^\W*\w+\([^)]*\)\W*$"  # a line of a program
    r"|```|<\|[^|>]{0,40}\|>|\[/?INST\]|<</?SYS>>",
    re.IGNORECASE | re.DOTALL,
)


def is_order(sentence: str) -> bool:
    """Whether a sentence gives an order to a machine that reads it."""
    return bool(_ORDER.search(sentence))


def without_orders(text: str) -> str:
    """Return a paragraph's text without the sentences that give orders to a machine."""
    if not _ORDER.search(text):
        return text
    return " ".join(sentence.text for sentence in split_sentences(text) if not is_order(sentence.text))
