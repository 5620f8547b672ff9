"""What a run says of itself: its inputs, settings, models and counts, and one signature line."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline import __version__
from pipeline.schemas import MATCHED_KINDS

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.translation import TranslationResult


def describe_run(
    frames: dict[str, pl.DataFrame],
    translated: TranslationResult,
    config: Config,
    *,
    embedder_digest: str,
    story_model_digest: str | None = None,
) -> dict[str, Any]:
    """The manifest: what went in, with what it was made, how many came out of each stage."""
    settings = json.dumps(dataclasses.asdict(config), default=str, sort_keys=True)
    articles = frames["articles"]
    texts = [
        {
            "article_id": row["article_id"],
            "path": row["path"],
            "sha256": hashlib.sha256(row["text"].encode()).hexdigest(),
        }
        for row in articles.iter_rows(named=True)
    ]
    input_digest = hashlib.sha256("".join(str(t["sha256"]) for t in texts).encode()).hexdigest()
    engines = translated.translations["engine"].unique().sort().to_list()
    matched = frames["segments"].filter(pl.col("kind").is_in(MATCHED_KINDS)).height
    facts = frames["facts"]
    verdicts = frames["pairs"]["verdict"].value_counts().sort("verdict")
    counts = {name: frame.height for name, frame in frames.items()}
    signature = (
        f"faktenblatt {__version__} | articles {articles.height} sha256:{input_digest[:12]} | "
        f"engine {', '.join(engines) or 'none'} | embedder {config.matching.embedder} "
        f"sha256:{embedder_digest[:12]} | threshold {config.matching.threshold:g} | "
        f"settings sha256:{hashlib.sha256(settings.encode()).hexdigest()[:12]}"
    )
    return {
        "version": __version__,
        "signature": signature,
        "settings": json.loads(settings),
        "inputs": texts,
        "engines": engines,
        "models": {
            "embedder": {"name": config.matching.embedder, "sha256": embedder_digest},
            "same_fact": {"sha256": story_model_digest},
        },
        "packages": [
            {"name": package.name, "version": package.version, "sha256": package.digest}
            for route in translated.routes
            for package in route.packages
        ],
        "stages": [
            {
                "stage": "articles",
                "in": articles.height + frames["rejects"].height,
                "kept": articles.height,
                "dropped": frames["rejects"].height,
            },
            {
                "stage": "segments",
                "in": counts["segments"],
                "kept": matched,
                "dropped": counts["segments"] - matched,
            },
            {"stage": "translations", **dataclasses.asdict(translated.counts)},
            {
                "stage": "pairs",
                "in": counts["candidates"],
                **dict(verdicts.iter_rows()),
            },
            {
                "stage": "facts",
                "in": counts["units"],
                "repeated": facts.filter(pl.col("kind") == "repeated").height,
                "single": facts.filter(pl.col("kind") == "single").height,
            },
        ],
        "rejects": frames["rejects"].to_dicts(),
    }
