"""`python -m tests.eval`: every section leads to a function; an unknown one is named."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from tests.eval.__main__ import SECTIONS, main
from tests.eval.labelled import load_labelled
from tests.eval.pairs import average_precision, best_f1, sign


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_leads_to_a_function(name: str) -> None:
    module, function = SECTIONS[name]
    assert callable(getattr(import_module(module), function))


def test_main_refuses_an_unknown_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pears"]) == 2
    assert "known are pairs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        ([1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1], 1.0),
        ([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], (1 + 2 / 3) / 2),
        ([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5], 0.25),
        ([0, 0], [0.5, 0.1], 0.0),
    ],
    ids=["perfect", "one between", "all tied", "nothing to find"],
)
def test_average_precision(labels: list[int], scores: list[float], expected: float) -> None:
    found = average_precision(np.array(labels, dtype=bool), np.array(scores))
    assert found == pytest.approx(expected)


def test_best_f1_takes_the_best_threshold() -> None:
    found = best_f1(np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1]))
    assert found == pytest.approx(0.8)


def test_sign_names_data_weights_and_versions() -> None:
    pytest.importorskip("semhash", reason="the peers are installed by `make test` only")
    labelled = load_labelled("contrast")
    assert labelled is not None
    signature = sign(labelled)
    assert labelled.digest[:12] in signature
    assert "combination sha256:" in signature
