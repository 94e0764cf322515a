"""The gate holds what docs/benchmarks.md says of it, on the labelled claims."""

from __future__ import annotations

import pytest

from assistant.types import Verdict
from eval.claims import load_claims
from eval.fitting.support import BLIND, CLAIMS, EXACT_KINDS, Checked, check_claims, sample_collection, table


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> list[Checked]:
    collection = sample_collection(tmp_path_factory.mktemp("claims"))
    return check_claims(collection, [*load_claims(CLAIMS), *load_claims(BLIND)])


def share(entries: list[Checked]) -> float:
    return sum(entry.right for entry in entries) / len(entries)


def test_balanced_accuracy(checked: list[Checked]) -> None:
    true, false = ([entry for entry in checked if entry.claim.supported is side] for side in (True, False))
    assert len(checked) >= 700
    assert (share(true) + share(false)) / 2 >= 0.84


def test_changed_numbers_dates_names_and_quotations_are_caught(checked: list[Checked]) -> None:
    assert share([entry for entry in checked if entry.claim.kind in EXACT_KINDS]) >= 0.97


def test_few_true_claims_are_called_unsupported(checked: list[Checked]) -> None:
    true = [entry for entry in checked if entry.claim.supported]
    assert sum(entry.finding.verdict is Verdict.UNSUPPORTED for entry in true) / len(true) <= 0.08


def test_no_claim_is_supported_that_an_exact_check_refutes(checked: list[Checked]) -> None:
    assert all(entry.finding.verdict is Verdict.UNSUPPORTED for entry in checked if entry.finding.score == 0)


def test_table_has_a_row_a_kind(checked: list[Checked]) -> None:
    printed = table(checked)
    assert all(f"| {entry.claim.kind} |" in printed for entry in checked)
