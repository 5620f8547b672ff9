"""Lines in, lines out: the stream behind `translate`, with bounded memory for any length.

A window of lines is read, its distinct sentences go through the route as one job, and the lines
come out in their order. A blank line stays blank; a line never becomes two.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pipeline.errors import PackageError
from pipeline.translation.languages import is_same_language
from pipeline.translation.package import find_route, list_packages
from pipeline.translation.stream import RouteStream, make_options
from pipeline.translation.terms import apply_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pipeline.config import TranslationConfig
    from pipeline.translation.cache import TranslationCache
    from pipeline.translation.memory import TranslationMemory
    from pipeline.translation.package import Route
    from pipeline.translation.stream import Progress, Translated
    from pipeline.translation.termbase import Termbase

    Split = Callable[[str], list[str]]
    OnDoubt = Callable[[int, tuple[str, ...]], None]

# 8,192 lines are some minutes of work and a few megabytes.
WINDOW_LINES = 8192


def translate_lines(
    lines: Iterable[str],
    source: str,
    target: str,
    config: TranslationConfig,
    *,
    split: Split | None = None,
    memory: TranslationMemory | None = None,
    termbase: Termbase | None = None,
    cache: TranslationCache | None = None,
    progress: Progress | None = None,
    on_doubt: OnDoubt | None = None,
) -> Iterator[str]:
    """One line of translation for each line, without line ends, in order.

    `split` cuts a line into sentences. `progress` gets sentences done, sentences of the window,
    sentences a second; `on_doubt` the 1-based line number and why its translation is doubtful.

    Raises:
        PackageError: a line is in no memory and there is no package from source to target.
    """
    texts = (line.rstrip("\r\n") for line in lines)
    if is_same_language(source, target):
        yield from texts
        return
    job = _LineJob((source, target), config, split, memory, termbase, cache, progress)
    first = 1
    while window := list(islice(texts, WINDOW_LINES)):
        for number, (text, flags) in enumerate(job.translate(window), first):
            if flags and on_doubt is not None:
                on_doubt(number, flags)
            yield text
        first += len(window)


def require_route(source: str, target: str, config: TranslationConfig) -> Route:
    """The way from source to target.

    Raises:
        PackageError: there is none on this machine.
    """
    route = find_route(source, target, list_packages(config.package))
    if route is None:
        raise PackageError(
            f"no translation package for {source} -> {target}; run faktenblatt models install "
            f"{source}_{target}, or give --package"
        )
    return route


class _LineJob:
    """What stays the same from window to window."""

    def __init__(
        self,
        languages: tuple[str, str],
        config: TranslationConfig,
        split: Split | None,
        memory: TranslationMemory | None,
        termbase: Termbase | None,
        cache: TranslationCache | None,
        progress: Progress | None,
    ) -> None:
        self.languages = languages
        self.config = config
        self.split = split
        self.memory = memory
        self.termbase = termbase
        self.cache = cache
        self.progress = progress
        self._stream: RouteStream | None = None

    @property
    def stream(self) -> RouteStream:
        """The route's stream, opened when the first sentence is in no memory."""
        if self._stream is None:
            route = require_route(*self.languages, self.config)
            self._stream = RouteStream(route, make_options(self.config), self.cache)
        return self._stream

    def translate(self, window: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Translation and doubts of each line."""
        sentences = {line: self._cut(line) for line in dict.fromkeys(window)}
        known = self._remember(list(sentences))
        wanted = list(
            dict.fromkeys(
                s for line, parts in sentences.items() if line not in known for s in parts
            )
        )
        known |= self._remember(wanted)
        found = self._run([sentence for sentence in wanted if sentence not in known])
        for line in window:
            if line in known:
                yield known[line], ()
                continue
            parts = [
                (known[s], ()) if s in known else (found[s].text, found[s].flags)
                for s in sentences[line]
            ]
            text = " ".join(part for part, _ in parts)
            flags = tuple(dict.fromkeys(flag for _, row in parts for flag in row))
            yield " ".join(text.split()) if parts else line, flags

    def _cut(self, line: str) -> list[str]:
        if not line.strip():
            return []
        parts = self.split(line) if self.split is not None else [line]
        return [part for part in parts if part.strip()] or [line]

    def _remember(self, texts: list[str]) -> dict[str, str]:
        if self.memory is None:
            return {}
        matches = ((text, self.memory.find_exact(text)) for text in texts)
        return {text: " ".join(m.target_text.split()) for text, m in matches if m is not None}

    def _run(self, texts: list[str]) -> Mapping[str, Translated]:
        if not texts:
            return {}
        found = self.stream.translate(texts, self.progress)
        if self.termbase is None or not len(self.termbase):
            return found
        termed = apply_terms(found, self.termbase, self.stream.translate, languages=self.languages)
        return {text: row.translated for text, row in termed.items()}
