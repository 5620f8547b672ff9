"""Articles to segments: spans, kinds, agreement with the demonstration story's gold."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import read_articles
from pipeline.config import ReadConfig, SegmentConfig
from pipeline.schemas import ARTICLES, SEGMENT_KINDS
from pipeline.segments import cut_clauses, cut_text_clauses, segment_articles, split_sentences

SEEDS = Path(__file__).parent.parent / "seeds"


def article_frame(*texts: str, language: str = "de", outlet: str = "o") -> pl.DataFrame:
    """Articles of one outlet with these texts."""
    return ARTICLES.build(
        [
            {
                "article_id": f"a{number}",
                "outlet": outlet,
                "language": language,
                "path": f"a{number}.txt",
                "text": text,
            }
            for number, text in enumerate(texts)
        ]
    )


@given(st.text(max_size=400), st.sampled_from(["de", "en", "ru", "zh", "xx"]))
@settings(max_examples=300, deadline=None)
def test_segment_articles_leaves_only_white_space_between_spans(text: str, language: str) -> None:
    articles = article_frame(text, language=language)
    segments = segment_articles(articles, SegmentConfig())
    end = 0
    for row in segments.iter_rows(named=True):
        assert text[end : row["start_char"]].strip() == ""
        assert row["start_char"] < row["end_char"]
        assert row["source_text"] == text[row["start_char"] : row["end_char"]]
        assert row["kind"] in SEGMENT_KINDS
        end = row["end_char"]
    assert text[end:].strip() == ""
    cut_clauses(segments, articles, SegmentConfig())


GERMAN_WORDS = """
Der Die z. B. d. h. Dr. Müller sagte , dass . ! ? „ “ ( ) 3.000 am 10. November und – : ; laut die
den hat wird ¶ USA Mio. Euro weil er kommt gehen zu
"""
GERMAN = st.lists(
    st.sampled_from([word.replace("¶", "\n") for word in GERMAN_WORDS.split()]), max_size=60
).map(" ".join)


@given(GERMAN)
@settings(max_examples=300, deadline=None)
def test_cut_text_clauses_quotes_in_order_and_without_overlap(text: str) -> None:
    end = 0
    for start, stop in cut_text_clauses(text, "de"):
        assert end <= start < stop <= len(text)
        between = text[end:start]
        assert not any(letter.isalnum() for letter in between)
        end = stop
    assert not any(letter.isalnum() for letter in text[end:])


def test_segment_articles_of_the_seeds_has_every_kind() -> None:
    read = read_articles([str(SEEDS)], ReadConfig())
    segments = segment_articles(read.articles, SegmentConfig())
    assert set(segments["kind"]) == set(SEGMENT_KINDS)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "„", "(", ".", "\ufeff", "a" * 5000])
def test_split_sentences_survives(text: str) -> None:
    assert all(text[a:b] == text[a:b].strip() for a, b in split_sentences(text, "de"))
