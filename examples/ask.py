"""Ask a library from Python: python examples/ask.py LIBRARY."""

import sys

from assistant import Assistant, Settings

with Assistant.open(Settings(library=sys.argv[1], writer="quoting")) as assistant:
    for question in ("How many prisoners of war is each side to release?", "Who won the 2022 World Cup?"):
        answer = assistant.ask(question)
        print(answer.text)  # the sentences with their marks, or that there is no answer
        for source in answer.sources:
            print(f"  [{source.number}] {source.outlet}, {source.published}: {source.article}#{source.paragraph}")
