"""The fit of a small model's reading, and the readings it is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.calibration.fitted import calibration
from assistant.config import Settings
from assistant.models.choosing import make_model
from eval.cases import load_cases
from eval.fitting.small_model import (
    CASES,
    FALSE_REFUSALS,
    FEATURES,
    READINGS,
    Reading,
    ask_readings,
    fit,
    load_readings,
    main,
    table,
)
from index.embedding.minilm import MiniLM
from index.errors import UsageError
from index.search import Searcher
from tests.assistant.openai_wire import Wire, refusal

ANSWERED = [
    Reading(f"a{at}", True, {"before": at / 10, "yes": 1.0, "borne_out": 0.9}, True, False, 0.2) for at in range(50)
]
UNANSWERED = [
    Reading(f"u{at}", False, {"before": at / 10 - 2, "yes": -1, "borne_out": 0.1}, False, False, 0.9)
    for at in range(20)
]


def test_fit_gives_more_to_what_tells_more_and_refuses_few_of_the_answerable() -> None:
    weights, intercept, threshold = fit([*ANSWERED, *UNANSWERED])
    assert {name: weight > 0 for name, weight in weights.items()} == dict.fromkeys(FEATURES, True)
    fitted = replace(calibration(), reading_weights=weights, reading_intercept=intercept, reading_threshold=threshold)
    printed = table([*ANSWERED, *UNANSWERED], fitted)
    share = float(printed.split("| refused of the answerable | ")[1].split()[0])
    assert share <= FALSE_REFUSALS + 0.02
    assert "| refused of the unanswerable | 1.000 of 20 |" in printed
    assert "| best paragraph is gold, of the answered | 1.000" in printed


def test_committed_fit_is_that_of_the_committed_readings() -> None:
    weights, intercept, threshold = fit(load_readings(READINGS))
    fitted = calibration()
    assert fitted.reading_weights == pytest.approx(weights, abs=0.01)
    assert (fitted.reading_intercept, fitted.reading_threshold) == pytest.approx((intercept, threshold), abs=0.01)


def test_readings_of_one_sort_cannot_be_fitted() -> None:
    with pytest.raises(UsageError, match="--ask"):
        fit(ANSWERED)


def test_readings_are_kept_and_read_again(
    tmp_path: Path, sample_library: Path, minilm: MiniLM, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = load_cases(CASES)
    chosen = [next(case for case in cases if case.answerable is side) for side in (True, False)]

    def reply(request: dict[str, Any]) -> str:
        return "Yes" if request["messages"][-1]["content"].endswith("Reply yes or no.") else "NOT IN THE ARTICLES"

    with Wire() as wire:
        wire.script(reply)
        made = make_model(Settings(openai_base_url=wire.url, openai_api_key="k", model_size="small"))
        with Assistant(Searcher.open(sample_library, minilm), made) as assistant:
            first, *_ = ask_readings(assistant, chosen)
            wire.script(refusal(401, "Incorrect API key provided"))
            assert list(ask_readings(assistant, chosen[:1])) == []
    assert f"{chosen[0].id}: not read. Quoted only." in capsys.readouterr().err
    assert (first.id, first.answerable, first.features["borne_out"]) == (chosen[0].id, True, 0)
    assert first.next_yes == 1
    path = tmp_path / "readings.jsonl"
    assert load_readings(path) == []
    path.write_text("{}\n", "utf-8")
    with pytest.raises(UsageError, match="no reading"):
        load_readings(path)
    with pytest.raises(SystemExit):
        main(["--what"])
    assert capsys.readouterr().out == ""
