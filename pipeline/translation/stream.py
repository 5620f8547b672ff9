"""One stream: distinct texts in, guarded translations out, as their batches are done.

Each batch goes through the model, the guards and, where they doubt, further attempts; then it is
kept in the cache as one transaction. A text is thus in the cache only with its final translation.
"""

from __future__ import annotations

import re
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.translation.batching import choose_threads, plan_batches
from pipeline.translation.cache import CachedTranslation
from pipeline.translation.engine import Decoding, Engine, Hypothesis
from pipeline.translation.guards import Doubt, find_doubts, weigh
from pipeline.translation.pieces import (
    MAX_PIECE_CHARS,
    cut_pieces,
    drop_full_stop,
    join_pieces,
    write_as_sentence,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from pipeline.config import TranslationConfig
    from pipeline.translation.cache import TranslationCache
    from pipeline.translation.package import Package, Route

    Progress = Callable[[int, int, float], None]
    Languages = tuple[str, str]

# Part of the cache's key: changed guards or attempts make other translations.
GUARDS_VERSION = "3"
WORD = re.compile(r"\w", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Translated:
    """The final translation of one text."""

    text: str
    score: float
    flags: tuple[str, ...]
    cached: bool


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """How a stream runs: search, device, translators at once and their threads (0: measured).

    `retry=False` keeps the first hypothesis of every text, doubts and all.
    """

    beam_size: int = 4
    device: str = "cpu"
    inter_threads: int = 0
    intra_threads: int = 0
    retry: bool = True


def make_options(config: TranslationConfig) -> StreamOptions:
    """The stream's part of the settings."""
    return StreamOptions(
        beam_size=config.beam_size,
        device=config.device,
        inter_threads=config.inter_threads,
        intra_threads=config.intra_threads,
    )


class PackageStream:
    """A package with guards and cache around it."""

    def __init__(
        self,
        package: Package,
        options: StreamOptions,
        cache: TranslationCache | None,
    ) -> None:
        self.package = package
        self.options = options
        self.cache = cache
        self.decoding = Decoding(beam_size=options.beam_size)
        self.route_key = f"{package.digest} {self.decoding.key} guards={GUARDS_VERSION}"
        self._engine: Engine | None = None

    def translate(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> dict[str, Translated]:
        """The translation of each distinct text."""
        wanted = list(dict.fromkeys(texts))
        found = self._find_cached(wanted)
        done, started = len(found), time.perf_counter()
        for rows in self._run_batches(wanted, found):
            if self.cache is not None:
                kept = [(s, CachedTranslation(t.text, t.score, t.flags)) for s, t in rows.items()]
                self.cache.put(self.route_key, kept, route=self.package.label)
            found |= rows
            if progress is not None:
                seconds = max(1e-6, time.perf_counter() - started)
                progress(len(found), len(wanted), (len(found) - done) / seconds)
        return found

    @property
    def engine(self) -> Engine:
        """The package's engine, opened when the first text is not in the cache."""
        if self._engine is None:
            self._engine = Engine(self.package, device=self.options.device)
        return self._engine

    def choose_threads(self, batch_count: int) -> tuple[int, int]:
        """Translators at once and threads of each, as given or as measured best."""
        inter, intra = choose_threads(batch_count)
        return self.options.inter_threads or inter, self.options.intra_threads or intra

    def _find_cached(self, texts: list[str]) -> dict[str, Translated]:
        if self.cache is None:
            return {}
        kept = self.cache.find(self.route_key, texts)
        return {
            text: Translated(row.target_text, row.score, row.flags, cached=True)
            for text, row in kept.items()
        }

    def _run_batches(
        self, texts: list[str], cached: dict[str, Translated]
    ) -> Iterator[dict[str, Translated]]:
        """Results batch by batch, a few batches at work at once.

        The batches are planned over all texts, the cached ones included, and a cached text is
        left out of its batch afterwards: see batching.
        """
        if len(cached) == len(texts):
            return
        lengths = [len(pieces) for pieces in self.engine.tokenizer.encode(texts)]
        planned = [[texts[index] for index in batch] for batch in plan_batches(lengths)]
        batches = [[t for t in batch if t not in cached] for batch in planned]
        languages = (self.package.from_code, self.package.to_code)
        self.engine.threads = self.choose_threads(len(planned))
        workers = self.engine.threads[0]
        running: deque[Future[dict[str, Translated]]] = deque()
        with ThreadPoolExecutor(max_workers=workers + 1) as pool:
            for batch in filter(None, batches):
                running.append(pool.submit(self._translate_batch, batch, languages))
                if len(running) > 2 * workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()

    def _translate_batch(self, texts: list[str], languages: Languages) -> dict[str, Translated]:
        """First hypotheses, then further attempts for the doubtful ones."""
        best = self._attempt(texts, languages, PLAIN)
        for attempt in ATTEMPTS if self.options.retry else ():
            doubtful = [t for t in texts if best[t].doubts and attempt.applies(t)]
            for text, candidate in self._attempt(doubtful, languages, attempt).items():
                if candidate.rank < best[text].rank:
                    best[text] = candidate
        return {
            text: Translated(
                kept.hypothesis.text,
                kept.hypothesis.score,
                tuple(doubt.text for doubt in kept.doubts),
                cached=False,
            )
            for text, kept in best.items()
        }

    def _attempt(
        self, texts: list[str], languages: Languages, attempt: Attempt
    ) -> dict[str, Candidate]:
        if not texts:
            return {}
        decoding = replace(
            self.decoding,
            repetition_penalty=attempt.repetition_penalty,
            no_repeat_ngram_size=attempt.no_repeat_ngram_size,
        )
        pieces = [attempt.cut(text) for text in texts]
        flat = [piece for row in pieces for piece in row]
        hypotheses = iter(self.engine.translate(flat, decoding))
        candidates = {}
        for text, row in zip(texts, pieces, strict=True):
            joined = attempt.join(text, [next(hypotheses) for _ in row])
            doubts = find_doubts(text, joined.text, languages=languages, ended=joined.ended)
            candidates[text] = Candidate(joined, tuple(doubts))
        return candidates


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hypothesis and what is wrong with it."""

    hypothesis: Hypothesis
    doubts: tuple[Doubt, ...]

    @property
    def rank(self) -> tuple[float, float]:
        """Smaller is better: less doubt, then more probable."""
        return weigh(self.doubts), -self.hypothesis.score


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way of translating a text: what is changed in the text and in the search."""

    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    in_clauses: bool = False
    as_sentence: bool = False

    def applies(self, text: str) -> bool:
        """True when this attempt gives the model something else than the plain one."""
        if self.in_clauses:
            return len(self.cut(text)) > 1
        if self.as_sentence:
            return self.cut(text) != [text]
        return True

    def cut(self, text: str) -> list[str]:
        """The pieces handed to the model, without what has no letter or digit."""
        if self.as_sentence:
            return [write_as_sentence(text)]
        limit = 0 if self.in_clauses else MAX_PIECE_CHARS
        return cut_pieces(text, limit)

    def join(self, text: str, hypotheses: list[Hypothesis]) -> Hypothesis:
        """The pieces' hypotheses as one; a full stop the source has not is taken off."""
        joined = join_pieces(self.cut(text), [h.text for h in hypotheses])
        if self.as_sentence:
            joined = drop_full_stop(text, joined)
        count = sum(h.token_count for h in hypotheses)
        score = sum(h.score * h.token_count for h in hypotheses) / max(1, count)
        return Hypothesis(joined, score, count, all(h.ended for h in hypotheses))


PLAIN = Attempt()
# Loops are broken by forbidding repeats; a headline loops less when it ends like a sentence; what
# gets lost in a long sentence is often kept when its clauses come alone.
ATTEMPTS = (
    Attempt(as_sentence=True),
    Attempt(repetition_penalty=1.2, no_repeat_ngram_size=3),
    Attempt(in_clauses=True),
    Attempt(as_sentence=True, repetition_penalty=1.3, no_repeat_ngram_size=2),
)


class RouteStream:
    """The packages of a route one after the other; doubts add up, the lowest score counts."""

    def __init__(
        self, route: Route, options: StreamOptions, cache: TranslationCache | None
    ) -> None:
        self.route = route
        self.streams = [PackageStream(package, options, cache) for package in route.packages]

    def translate(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> dict[str, Translated]:
        """The translation of each distinct text that has a letter or digit; others stay."""
        wanted = [text for text in dict.fromkeys(texts) if WORD.search(text)]
        found = {text: Translated(text, 0.0, (), cached=True) for text in wanted}
        for stream in self.streams:
            step = stream.translate([kept.text for kept in found.values()], progress)
            found = {text: _follow(kept, step[kept.text]) for text, kept in found.items()}
        plain = {t: Translated(t, 0.0, (), cached=True) for t in texts if t not in found}
        return found | plain


def _follow(before: Translated, after: Translated) -> Translated:
    return Translated(
        after.text,
        min(before.score, after.score),
        tuple(dict.fromkeys((*before.flags, *after.flags))),
        cached=before.cached and after.cached,
    )
