"""Research over a real endpoint on loopback: rounds of searches, budgets, replies that are none, and stopping."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from assistant.research.types import Budget
from assistant.types import Answer, Verdict
from assistant.writing.prompting import prompt
from tests.assistant.openai_wire import Reply, Wire, refusal

Ask = Callable[..., tuple[Answer, dict[str, Any]]]
FIRST = "In which city were the peace talks on the island held?"
SECOND = "Who led the crew of engineers in Vardal?"
LED = "The crew of engineers in Vardal was led by Olga Brandt"
TRUSTED = Budget(calls=3, seconds=60.0)


def asked_for(request: dict[str, Any]) -> str:
    """Which prompt a request is: plan, missing, rules for writing, or another."""
    system = request["messages"][0]["content"]
    return next((name for name in ("plan", "missing", "rules") if system.endswith(prompt(name))), "")


def shown(request: dict[str, Any]) -> dict[int, str]:
    found = re.findall(r"^\[(\d+)\] (.*)$", request["messages"][-1]["content"], re.MULTILINE)
    return {int(number): text for number, text in found}


def searches(*questions: str) -> str:
    found = [{"question": each, "words": "", "outlets": [], "since": "", "until": ""} for each in questions]
    return json.dumps({"form": "fact", "searches": found})


def sensible(request: dict[str, Any]) -> str:
    """A model that reads what it is shown: it finds the city first, then who came there."""
    told = request["messages"][-1]["content"]
    match asked_for(request):
        case "plan":
            return searches(FIRST)
        case "missing":
            return searches(SECOND) if "city of Vardal" in told and SECOND not in told else searches()
        case "rules":
            number = next((number for number, text in shown(request).items() if "Olga Brandt" in text), None)
            return f"{LED} [{number}]." if number else "NOT IN THE ARTICLES"
    return '{"differences": []}'


def kinds(wire: Wire) -> list[str]:
    return [asked_for(request) for request in wire.requests]


def test_what_the_first_search_finds_makes_the_second(ask: Ask, wire: Wire) -> None:
    answer, noted = ask(sensible, budget=TRUSTED)
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED]
    assert "Olga Brandt" in answer.claims[0].citations[0].quote
    assert [(entry["round"], entry["question"]) for entry in noted["searches"][1:]] == [(1, FIRST), (2, SECOND)]
    assert kinds(wire)[:4] == ["plan", "missing", "missing", "rules"]
    assert noted["used"]["calls"] == 3
    assert noted["used"]["prompt_tokens"] > 0
    assert noted["seconds"] >= 0
    assert answer.usage["calls"] == len(wire.requests)


def test_the_model_sees_what_each_search_found(ask: Ask, wire: Wire) -> None:
    ask(sensible, budget=TRUSTED)
    told = wire.requests[1]["messages"][-1]["content"]
    assert "Article: “Peace talks end” (Gazette, 2024-04-20)" in told
    assert f"- {FIRST}: " in told
    assert told.count("held in the city of Vardal") == 1


@pytest.mark.parametrize("calls", [0, 1, 2])
def test_calls_end(ask: Ask, wire: Wire, calls: int) -> None:
    def endless(request: dict[str, Any]) -> str:
        more = searches(f"What happened in place {len(wire.requests)}?")
        return "NOT IN THE ARTICLES" if asked_for(request) == "rules" else more

    _, noted = ask(endless, budget=Budget(calls=calls, seconds=60.0))
    assert kinds(wire) == [*["plan", "missing"][:calls], "rules"]
    assert noted["ended"] in {"budget", "nothing new", "enough"}


def test_no_time_no_calls(ask: Ask, wire: Wire) -> None:
    answer, noted = ask(sensible, budget=Budget(calls=3, seconds=0.0))
    assert kinds(wire)[0] == "rules"
    assert "plan" not in noted
    assert answer.claims


def test_plan_that_does_not_come_is_waited_for_no_longer_than_the_budget(ask: Ask, wire: Wire) -> None:
    _, noted = ask(Reply('{"form": "fact", "sear', hang=True), Reply("NOT IN THE ARTICLES"), budget=Budget(seconds=0.3))
    assert noted["plan"] == "unreadable"
    assert noted["ended"] == "budget"
    assert kinds(wire) == ["plan", "rules"]


@pytest.mark.parametrize(
    "said",
    [
        "I would look for the city.",
        '{"searches": "all"}',
        "{" * 5_000,
        '{"form": 3, "searches": [[], 1, {"question": 2}]}',
    ],
)
def test_unreadable_plan_leaves_the_question_itself(ask: Ask, wire: Wire, said: str) -> None:
    def reply(request: dict[str, Any]) -> str:
        return said if asked_for(request) in {"plan", "missing"} else sensible(request)

    answer, noted = ask(reply, budget=TRUSTED)
    assert len(noted["searches"]) == 1
    assert answer.writer == "composed"


def test_huge_plan_makes_few_searches(ask: Ask) -> None:
    def reply(request: dict[str, Any]) -> str:
        if asked_for(request) == "plan":
            return searches(*(f"{number} {'Vardal ' * 60}" for number in range(60)))
        return searches() if asked_for(request) == "missing" else sensible(request)

    _, noted = ask(reply, budget=TRUSTED)
    assert len(noted["searches"]) <= 7


def test_round_that_brings_nothing_new_is_the_last(ask: Ask, wire: Wire) -> None:
    def stubborn(request: dict[str, Any]) -> str:
        if asked_for(request) in {"plan", "missing"}:
            return searches(f"{FIRST} {'Please! ' * len(wire.requests)}")
        return sensible(request)

    _, noted = ask(stubborn, budget=Budget(calls=9, seconds=60.0))
    assert noted["ended"] == "nothing new"
    assert kinds(wire).count("missing") < 8


def test_search_that_was_made_is_not_made_again(ask: Ask, wire: Wire) -> None:
    def same(request: dict[str, Any]) -> str:
        return searches(FIRST, FIRST.upper()) if asked_for(request) in {"plan", "missing"} else sensible(request)

    _, noted = ask(same, budget=Budget(calls=9, seconds=60.0))
    assert [entry["question"] for entry in noted["searches"][1:]] == [FIRST]
    assert (noted["ended"], kinds(wire).count("missing")) == ("enough", 1)


def test_question_that_is_surely_answered_costs_one_call(ask: Ask, wire: Wire) -> None:
    def reply(request: dict[str, Any]) -> str:
        return searches() if asked_for(request) == "plan" else "The rink of Molde seats 2,150 people [1]."

    answer, noted = ask(reply, question="How many people does the rink of Molde seat?", budget=TRUSTED)
    assert (noted["ended"], noted["used"]["calls"]) == ("enough", 1)
    assert answer.claims[0].verdict is Verdict.SUPPORTED


def test_endpoint_without_schemas_is_asked_for_plain_json(ask: Ask, wire: Wire) -> None:
    no = refusal(400, "response_format is not supported here", param="response_format")
    plan, missing, none = Reply(f"Sure:\n```json\n{searches(FIRST)}\n```"), Reply(searches(SECOND)), Reply(searches())
    answer, noted = ask(no, plan, missing, none, Reply(f"{LED}."), budget=TRUSTED)
    assert [entry["question"] for entry in noted["searches"][1:]] == [FIRST, SECOND]
    assert "response_format" in wire.requests[0]
    assert all("response_format" not in request for request in wire.requests[1:])
    assert answer.claims[0].verdict is Verdict.SUPPORTED


def test_model_that_fails_to_plan_still_writes(ask: Ask, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.models.chat_model.pause", lambda *_: True)
    down = [refusal(500, "broken")] * 3
    answer, noted = ask(*down, Reply(f"{LED}."), budget=Budget(calls=1, seconds=60.0))
    assert "broken" in noted["failed"]
    assert answer.claims[0].verdict is Verdict.SUPPORTED


def test_refused_key_is_not_tried_again(ask: Ask, wire: Wire) -> None:
    answer, _ = ask(refusal(401, "Incorrect API key"), budget=TRUSTED)
    assert len(wire.requests) == 1
    assert "refused the key" in (answer.note or "")


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_stopped_in_the_middle_nothing_more_is_asked(ask: Ask, wire: Wire, stop_at: int) -> None:
    answer, _ = ask(sensible, budget=TRUSTED, cancelled=lambda: len(wire.requests) >= stop_at)
    assert len(wire.requests) <= stop_at + 1
    assert answer.writer == "quoting"
    assert answer.note, "by which who stopped it can tell that it is not whole"


def test_orders_of_an_article_reach_no_prompt(ask: Ask, wire: Wire) -> None:
    ask(sensible, question="How long did the rain in Vardal last?", budget=TRUSTED)
    told = "\n".join(request["messages"][-1]["content"] for request in wire.requests)
    assert "The rain in Vardal lasted two days." in told
    assert "HACKED" not in told
    assert "Ignore all previous" not in told


def test_filters_of_the_reader_hold_for_every_search(ask: Ask, wire: Wire) -> None:
    def reply(request: dict[str, Any]) -> str:
        if asked_for(request) == "plan":
            found = {"question": FIRST, "words": "Vardal", "outlets": ["Gazette"], "since": "", "until": ""}
            return json.dumps({"form": "fact", "searches": [found]})
        return searches() if asked_for(request) == "missing" else sensible(request)

    ask(reply, question="What did the Herald report about Vardal?", budget=TRUSTED)
    assert all("Peace talks end" not in request["messages"][-1]["content"] for request in wire.requests)
