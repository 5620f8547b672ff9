"""Clusters in, facts out: each fact once, with every span that states it and what disputes it.

`mentions` quotes the articles, `agency` finds wording that several outlets took from one source,
`conflicts` puts differing values side by side, `frames` gives sentences and mentions as tables.
"""

from __future__ import annotations

from pipeline.facts.build import build_facts
from pipeline.facts.frames import build_mentions, build_sentences

__all__ = ["build_facts", "build_mentions", "build_sentences"]
