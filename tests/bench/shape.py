"""A package of the bundled model's shape with untrained weights, for timing alone.

Random weights translate nothing and never end, so the decoder's position encodings make the end
mark certain after OUTPUT_TOKENS tokens: every system that uses the package decodes as much.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYERS = (8, 2)
WIDTH, INNER, HEADS = 512, 2048, 8
VOCABULARY = 24_000
OUTPUT_TOKENS = 28  # the mean of news sentences
END_DIMENSION = 0


def build_shape(folder: Path, lines: Sequence[str]) -> Path:
    """The package folder, its vocabulary trained on the lines."""
    import ctranslate2

    from tests.toy_package import write_metadata

    folder.mkdir(parents=True)
    pieces = _train_vocabulary(folder, lines)
    spec = ctranslate2.specs.TransformerSpec.from_config(LAYERS, HEADS, pre_norm=True)
    rng = np.random.default_rng(1)
    _fill(spec, rng, len(pieces))
    spec.config.add_source_bos = False
    spec.config.add_source_eos = False
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.validate()
    spec.optimize(quantization="int8")
    (folder / "model").mkdir()
    spec.save(str(folder / "model"))
    write_metadata(folder, "de_en", "")
    return folder


def _train_vocabulary(folder: Path, lines: Sequence[str]) -> list[str]:
    import sentencepiece

    text = folder / "lines.txt"
    text.write_text("\n".join(lines), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(folder / "sentencepiece"),
        vocab_size=VOCABULARY,
        model_type="bpe",
        hard_vocab_limit=False,
        byte_fallback=True,
        minloglevel=2,
    )
    text.unlink()
    (folder / "sentencepiece.vocab").unlink()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())]


def _fill(spec: Any, rng: np.random.Generator, size: int) -> None:
    table = _draw(rng, size, WIDTH)
    for side, layers in ((spec.encoder, LAYERS[0]), (spec.decoder, LAYERS[1])):
        embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embeddings.weight = table
        side.position_encodings.encodings = _positions(ending=side is spec.decoder)
        _fill_norm(side.layer_norm)
        for layer in side.layer[:layers]:
            _fill_layer(layer, rng)
    projection = _draw(rng, size, WIDTH)
    projection[:, END_DIMENSION] = 0.0
    projection[2] = 0.0  # </s>
    projection[2, END_DIMENSION] = 10.0
    spec.decoder.projection.weight = projection


def _positions(*, ending: bool) -> np.ndarray[Any, np.dtype[np.float32]]:
    angles = np.arange(512)[:, None] / 10000 ** (np.arange(WIDTH // 2) * 2 / WIDTH)
    table = np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
    table[:, END_DIMENSION] = 0.0
    if ending:
        table[:, END_DIMENSION] = -60.0
        table[OUTPUT_TOKENS:, END_DIMENSION] = 60.0
    return table


def _fill_layer(layer: Any, rng: np.random.Generator) -> None:
    _fill_norm(layer.self_attention.layer_norm)
    _fill_linear(layer.self_attention.linear[0], rng, 3 * WIDTH, WIDTH)
    _fill_linear(layer.self_attention.linear[1], rng, WIDTH, WIDTH)
    attention = getattr(layer, "attention", None)
    if attention is not None:
        _fill_norm(attention.layer_norm)
        _fill_linear(attention.linear[0], rng, WIDTH, WIDTH)
        _fill_linear(attention.linear[1], rng, 2 * WIDTH, WIDTH)
        _fill_linear(attention.linear[2], rng, WIDTH, WIDTH)
    _fill_norm(layer.ffn.layer_norm)
    _fill_linear(layer.ffn.linear_0, rng, INNER, WIDTH)
    _fill_linear(layer.ffn.linear_1, rng, WIDTH, INNER)


def _fill_linear(spec: Any, rng: np.random.Generator, rows: int, columns: int) -> None:
    spec.weight = _draw(rng, rows, columns)
    spec.bias = np.zeros(rows, dtype=np.float32)
    if rows == WIDTH:  # nothing but the position is written where the end is told from
        spec.weight[END_DIMENSION] = 0.0


def _fill_norm(spec: Any) -> None:
    spec.gamma = np.ones(WIDTH, dtype=np.float32)
    spec.beta = np.zeros(WIDTH, dtype=np.float32)


def _draw(rng: np.random.Generator, rows: int, columns: int) -> Any:
    return rng.normal(0.0, columns**-0.5, (rows, columns)).astype(np.float32)
