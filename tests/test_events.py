"""Two events in one story are told apart; one event in many articles is left whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.embedding import load_embedder
from pipeline.pairs.events import measure_event_leanings

if TYPE_CHECKING:
    from numpy.typing import NDArray

FERRY = [
    ["A ferry ran aground off Bornholm.", "Divers searched the ferry's hull near Bornholm."],
    ["The ferry Povl struck rocks off Bornholm.", "All 80 passengers left the ferry unhurt."],
    ["Bornholm's coast guard freed the ferry.", "The ferry's captain was questioned on Bornholm."],
    ["Fog led the ferry onto rocks.", "The Bornholm ferry will stay in the yard for weeks."],
]
TANKER = [
    ["A tanker ran aground off Madeira.", "Oil from the tanker reached the beaches of Madeira."],
    ["The tanker Lusa struck a reef off Madeira.", "Its crew of 20 was flown to Funchal."],
    ["Madeira closed beaches after the tanker's oil spill.", "Tugs pulled the tanker to Funchal."],
    ["The tanker lost 400 tonnes of oil.", "Fishermen on Madeira fear for their catch."],
]


def lean(articles: list[list[str]]) -> NDArray[np.float64]:
    texts = [text for article in articles for text in article]
    numbers = np.repeat(np.arange(len(articles)), [len(article) for article in articles])
    vectors = load_embedder().encode(texts).astype(np.float64)
    return measure_event_leanings(texts, vectors, numbers, np.ones(len(texts), dtype=np.bool_))


def test_articles_of_two_events_lean_to_two_sides() -> None:
    found = lean([*FERRY, *TANKER])
    assert np.all(np.sign(found[:4]) == np.sign(found[0]))
    assert np.all(np.sign(found[4:]) == -np.sign(found[0]))
    assert np.abs(found).min() > 0.1


def test_order_of_articles_changes_no_product() -> None:
    found = lean([*FERRY, *TANKER])
    turned = lean([*TANKER, *FERRY])[[4, 5, 6, 7, 0, 1, 2, 3]]
    np.testing.assert_allclose(np.outer(found, found), np.outer(turned, turned), atol=1e-9)


@pytest.mark.parametrize("articles", [FERRY, TANKER, [FERRY[0], TANKER[0], FERRY[1]], []])
def test_one_event_or_too_few_articles_lean_nowhere(articles: list[list[str]]) -> None:
    assert not lean(articles).any()


def test_lone_sentences_are_not_parted() -> None:
    assert not lean([[text] for article in (*FERRY, *TANKER) for text in article]).any()


def test_clauses_do_not_count() -> None:
    texts = [text for article in (*FERRY, *TANKER) for text in article]
    numbers = np.repeat(np.arange(8), 2)
    vectors = load_embedder().encode(texts).astype(np.float64)
    whole = np.ones(16, dtype=np.bool_)
    plain = measure_event_leanings(texts, vectors, numbers, whole)
    more = measure_event_leanings(
        [*texts, "beaches of Madeira"],
        np.vstack([vectors, vectors[8]]),
        np.append(numbers, 0),
        np.append(whole, False),
    )
    np.testing.assert_allclose(plain, more)
