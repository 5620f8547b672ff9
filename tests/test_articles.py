"""Files in, articles and rejects out."""

from __future__ import annotations

from pathlib import Path

from pipeline.articles import read_articles
from pipeline.config import ReadConfig

SEEDS = Path(__file__).parent.parent / "seeds"


def test_read_articles_of_the_seeds() -> None:
    result = read_articles([str(SEEDS)], ReadConfig())
    assert result.articles["article_id"].to_list() == [
        "01_chronik",
        "02_ueberblick",
        "03_hintergrund",
    ]
    assert result.articles["outlet"].to_list() == ["Chronik", "Überblick", "Hintergrund"]
    assert result.articles["language"].to_list() == ["de"] * 3
    assert [path.name for path in result.memories] == ["memory.tmx"]
    assert [path.name for path in result.terms] == ["terms.csv"]
    assert result.rejects.is_empty()
