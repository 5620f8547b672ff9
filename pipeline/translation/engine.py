"""One loaded package: texts in, hypotheses out, through CTranslate2 itself.

Tokenising, batching and threads are ours; argostranslate's own `translate()` hands CTranslate2
32 tokens at a time and needs a sentence splitter that it downloads. Its tokenizers and its
package format are what is used here.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.errors import PackageError
from pipeline.translation.batching import count_cores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.translation.package import Package


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a hypothesis is searched; part of the cache's key."""

    beam_size: int = 4
    length_penalty: float = 0.2  # Argos' value for its models
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0

    @property
    def key(self) -> str:
        """A stable name of the settings."""
        return (
            f"beam={self.beam_size} length={self.length_penalty:g} "
            f"repetition={self.repetition_penalty:g} ngram={self.no_repeat_ngram_size}"
        )


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation: text, mean log-probability a token, whether it ended by itself."""

    text: str
    score: float
    token_count: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Attention:
    """Where the model looked: a row a target piece, a column a source piece, with their spans."""

    source_spans: tuple[tuple[int, int], ...]
    target_spans: tuple[tuple[int, int], ...]
    weights: tuple[tuple[float, ...], ...]


class Tokenizer(Protocol):
    """Text to pieces and back."""

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """Pieces of each text."""

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of the pieces."""

    def locate(self, text: str) -> list[tuple[str, int, int]]:
        """Pieces of the text with their spans in it."""


class SentencePieceTokenizer:
    """`sentencepiece.model`; underscores of the text survive, unlike in Argos' own decoder."""

    def __init__(self, file: Path) -> None:
        import sentencepiece

        try:
            self.processor = sentencepiece.SentencePieceProcessor(model_file=str(file))
        except (RuntimeError, OSError) as error:
            raise PackageError(f"{file}: not a SentencePiece model; install it again") from error

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """Pieces of each text."""
        pieces: list[list[str]] = self.processor.encode(list(texts), out_type=str)
        return pieces

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of the pieces, without the space the first piece brings."""
        text: str = self.processor.decode_pieces(list(tokens))
        return text.replace("▁", " ").strip()

    def locate(self, text: str) -> list[tuple[str, int, int]]:
        """Pieces of the text with their spans in it."""
        found = self.processor.encode(text, return_type="offset_mapping")
        spans = zip(found["pieces"], found["offsets"], strict=True)
        return [(piece, start, end) for piece, (start, end) in spans]


class BpeTokenizer:
    """`bpe.model` (subword-nmt over Moses tokens), through argostranslate's own class."""

    def __init__(self, file: Path, from_code: str, to_code: str) -> None:
        from argostranslate.tokenizer import BPETokenizer

        self.tokenizer = BPETokenizer(file, from_code, to_code)

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """Pieces of each text; a text without any is one unknown piece."""
        return [list(self.tokenizer.encode(text)) for text in texts]

    def decode(self, tokens: Sequence[str]) -> str:
        """The detokenised text; a piece cut off at the end loses its joining mark."""
        text: str = self.tokenizer.decode(list(tokens))
        return text.removesuffix("@@").strip()

    def locate(self, text: str) -> list[tuple[str, int, int]]:
        """Pieces with their spans; one the normaliser changed stands where the last one ended."""
        found, at = [], 0
        for piece in self.tokenizer.encode(text):
            surface = unescape(piece.removesuffix("@@"))
            place = text.find(surface, at) if surface else -1
            if place >= 0:
                at = place + len(surface)
            found.append((piece, place if place >= 0 else at, at))
        return found


class Engine:
    """A package ready to translate; the weights are read at first use."""

    def __init__(self, package: Package, *, device: str = "cpu") -> None:
        self.package = package
        self.device = device
        self.threads = (1, count_cores())  # translators at once, threads of each
        self._lock = threading.Lock()
        self._translator: Any = None
        self.tokenizer = open_tokenizer(package)

    def translate(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        """One hypothesis a text, all texts decoded together as one batch.

        Safe to call from several threads: CTranslate2 gives each call to a free worker.
        """
        prefix = self.package.target_prefix
        tokens = self.tokenizer.encode(texts)
        filled = [index for index, row in enumerate(tokens) if row]
        found = [Hypothesis("", 0.0, 0, ended=True)] * len(texts)
        if not filled:
            return found
        limit = find_decoding_limit(max(len(tokens[index]) for index in filled))
        results = self.load().translate_batch(
            [tokens[index] for index in filled],
            target_prefix=[[prefix]] * len(filled) if prefix else None,
            beam_size=decoding.beam_size,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            max_input_length=0,
            max_decoding_length=limit,
            replace_unknowns=True,
            return_scores=True,
        )
        for index, result in zip(filled, results, strict=True):
            pieces = result.hypotheses[0]
            score = mean_log_probability(result.scores[0], len(pieces), decoding.length_penalty)
            text = self.tokenizer.decode(pieces[1:] if prefix else pieces)
            found[index] = Hypothesis(text, score, len(pieces), ended=len(pieces) < limit)
        return found

    def attend(self, pairs: Sequence[tuple[str, str]]) -> list[Attention]:
        """The cross-attention of each pair (source text, target text).

        The target is forced, so any translation can be aligned: the model's own, a cached one,
        or one out of a translation memory. Pairs of like length go together best.
        """
        sources = [self.tokenizer.locate(source) for source, _ in pairs]
        targets = [self.tokenizer.locate(target) for _, target in pairs]
        prefix = [self.package.target_prefix] if self.package.target_prefix else []
        usable = [i for i in range(len(pairs)) if sources[i] and targets[i]]
        found = [Attention((), (), ())] * len(pairs)
        if not usable:
            return found
        results = self.load().translate_batch(
            [[piece for piece, _, _ in sources[i]] for i in usable],
            target_prefix=[prefix + [piece for piece, _, _ in targets[i]] for i in usable],
            beam_size=1,
            max_batch_size=1024,
            batch_type="tokens",
            max_input_length=0,
            max_decoding_length=len(prefix) + max(len(targets[i]) for i in usable) + 1,
            return_attention=True,
        )
        for index, result in zip(usable, results, strict=True):
            rows = result.attention[0][len(prefix) : len(prefix) + len(targets[index])]
            found[index] = Attention(
                tuple((start, end) for _, start, end in sources[index]),
                tuple((start, end) for _, start, end in targets[index]),
                tuple(tuple(row) for row in rows),
            )
        return found

    def load(self) -> Any:
        """The CTranslate2 translator, its weights read at the first call.

        Raises:
            PackageError: the model can't be loaded, or the device is not there.
        """
        with self._lock:
            if self._translator is None:
                self._translator = self._open()
        return self._translator

    def _open(self) -> Any:
        import ctranslate2

        inter, intra = self.threads
        try:
            return ctranslate2.Translator(
                str(self.package.folder / "model"),
                device=self.device,
                compute_type=choose_compute_type(self.device),
                inter_threads=inter,
                intra_threads=intra,
            )
        except (RuntimeError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise PackageError(
                f"{self.package.folder}: the model can't be loaded on {self.device!r} "
                f"({reason}); run faktenblatt models verify"
            ) from error


def open_tokenizer(package: Package) -> Tokenizer:
    """The package's tokenizer, of either kind."""
    file = package.folder / f"{package.tokenizer}.model"
    if package.tokenizer == "sentencepiece":
        return SentencePieceTokenizer(file)
    return BpeTokenizer(file, package.from_code, package.to_code)


def find_decoding_limit(source_tokens: int) -> int:
    """The most target tokens for a source of that length.

    Twice the source and some: no honest translation of the development pairs is longer, and a
    loop ends there and not at CTranslate2's 256, where long sentences would be cut.
    """
    return 2 * source_tokens + 24


def mean_log_probability(score: float, token_count: int, length_penalty: float) -> float:
    """CTranslate2's score (sum / length ** penalty) as the mean over the tokens."""
    length = max(1, token_count)
    return float(score * length**length_penalty / length)


def choose_compute_type(device: str) -> str:
    """int8 where the device has it, else what the model was saved with."""
    import ctranslate2

    known = ctranslate2.get_supported_compute_types(device if device != "auto" else "cpu")
    wanted = ("int8_float16", "float16") if device == "cuda" else ("int8",)
    return next((kind for kind in wanted if kind in known), "default")
