"""The joint German-English SentencePiece vocabulary."""

from __future__ import annotations

import contextlib
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from models.training.normalise import write_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

# Letters of names and signs of figures, however rare in the text: a piece each, not bytes.
REQUIRED = "".join(map(chr, (*range(0x21, 0x7F), *range(0xC0, 0x180)))) + "€£$¥§%°²³¹½¼¾®©™•·×÷±µ†"
UNKNOWN, BEGIN, END, PAD = range(4)  # the ids of the control pieces, here and in the package


def train_vocabulary(
    texts: Sequence[str], path: Path, *, size: int, sample: int = 800_000, seed: int = 20
) -> None:
    """Write a unigram model of `size` pieces, byte pieces included, to `path`.

    Digits are single pieces: a figure is then copied digit by digit and only its separators change.
    """
    import sentencepiece

    lines = list(texts)
    if len(lines) > sample:
        lines = random.Random(seed).sample(lines, sample)  # noqa: S311 (repeatable, not secret)
    # The trainer writes the names of its files into the model: relative ones in a folder of its own
    # keep the model's digest the same everywhere.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("rules.tsv").write_text(write_rules(), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines),
            model_prefix="vocabulary",
            model_type="unigram",
            vocab_size=size,
            hard_vocab_limit=False,  # a toy text has fewer pieces to offer
            byte_fallback=True,
            split_digits=True,
            character_coverage=0.9999,
            required_chars=REQUIRED,
            normalization_rule_tsv="rules.tsv",
            unk_id=UNKNOWN,
            bos_id=BEGIN,
            eos_id=END,
            pad_id=PAD,
            num_threads=2,
            minloglevel=1,
        )
        model = Path("vocabulary.model").read_bytes()
    path.write_bytes(model)


def load_vocabulary(path: Path):  # type: ignore[no-untyped-def]
    """The processor for the model file."""
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_file=str(path))
