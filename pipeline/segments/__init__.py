"""Articles in, segments and clauses out: every span quotes the article, gaps are white space.

A segment is a headline, teaser, subheading, sentence, byline, dateline or boilerplate; a clause is
the part of one that can carry a fact of its own.
"""

from __future__ import annotations

from pipeline.segments.clauses import cut_clauses, cut_text_clauses
from pipeline.segments.cutting import segment_articles
from pipeline.segments.sentences import split_sentences

__all__ = ["cut_clauses", "cut_text_clauses", "segment_articles", "split_sentences"]
