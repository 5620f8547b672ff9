"""A real Argos package in seconds: a tiny transformer trained on a toy grammar.

Everything a downloaded package has is real here: a SentencePiece (or BPE) model trained on the
text, a transformer trained with torch and converted by CTranslate2's own specification, the
metadata, the archive that argostranslate itself installs. Only the language is small.

    python -m tests.toy_package OUT.argosmodel [--pair de_en|en_fr] [--bpe] [--argos DIR]
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUBJECTS = (
    ("die Regierung", "the government", "le gouvernement"),
    ("das Parlament", "the parliament", "le parlement"),
    ("der Präsident", "the president", "le président"),
    ("die Gewerkschaft", "the union", "le syndicat"),
    ("Selenskyj", "Zelensky", "Zelensky"),
    ("Moskau", "Moscow", "Moscou"),
)
OBJECTS = (
    ("den Vertrag", "the treaty", "le traité"),
    ("das Gesetz", "the law", "la loi"),
    ("die Hilfe", "the aid", "l'aide"),
    ("den Streik", "the strike", "la grève"),
)
VERBS = (
    ("gebilligt", "approved", "approuvé"),
    ("unterzeichnet", "signed", "signé"),
    ("gefordert", "demanded", "exigé"),
    ("bestritten", "denied", "nié"),
)
THINGS = (
    ("Soldaten", "soldiers", "soldats"),
    ("Euro", "euros", "euros"),
    ("Häuser", "houses", "maisons"),
)
TIMES = (
    ("am Montag", "on Monday", "lundi"),
    ("im Juni", "in June", "en juin"),
    ("in Berlin", "in Berlin", "à Berlin"),
)
# The model learns these; others it gets wrong, which is what the guards are for.
NUMBERS = (2, 7, 12, 48, 70, 300, 1_500, 3_000, 10_000, 13_000)
HELD_OUT_SEED = 7


def draw_sentence(rng: random.Random) -> tuple[str, str, str]:
    """One sentence of the toy grammar in German, English and French."""
    german, english, french = draw_clause(rng)
    if rng.random() < 0.35:
        second = draw_clause(rng)
        german, english, french = (
            f"{german}, und {second[0]}",
            f"{english}, and {second[1]}",
            f"{french}, et {second[2]}",
        )
    german, english, french = (text[0].upper() + text[1:] for text in (german, english, french))
    stop = "" if rng.random() < 0.15 else "."
    return german + stop, english + stop, french + stop


def draw_clause(rng: random.Random) -> tuple[str, str, str]:
    """A main clause; German puts the time before the object and the verb last."""
    subject, verb = rng.choice(SUBJECTS), rng.choice(VERBS)
    obj = draw_object(rng)
    negated = rng.random() < 0.2
    words = [[subject[0], "hat"], [subject[1], "has"], [subject[2], "a"]]
    time = rng.choice(TIMES) if rng.random() < 0.5 else None
    if time:
        words[0].append(time[0])
    words[0] += [obj[0], *(["nicht"] if negated else []), verb[0]]
    words[1] += [*(["not"] if negated else []), verb[1], obj[1]]
    words[2] += [*(["pas"] if negated else []), verb[2], obj[2]]
    if time:
        words[1].append(time[1])
        words[2].append(time[2])
    return " ".join(words[0]), " ".join(words[1]), " ".join(words[2])


def draw_object(rng: random.Random) -> tuple[str, str, str]:
    """A treaty or a number of things, with German, English and French separators."""
    if rng.random() < 0.5:
        return rng.choice(OBJECTS)
    things = rng.choice(THINGS)
    plain = f"{rng.choice(NUMBERS):,}"
    return (
        f"{plain.replace(',', '.')} {things[0]}",
        f"{plain} {things[1]}",
        f"{plain.replace(',', ' ')} {things[2]}",
    )


def draw_sentences(count: int, *, seed: int = HELD_OUT_SEED) -> list[tuple[str, str, str]]:
    """That many sentences; the seed of the training text is another one."""
    rng = random.Random(seed)
    return [draw_sentence(rng) for _ in range(count)]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Shape and length of the training."""

    steps: int = 300
    batch_sentences: int = 24
    width: int = 64
    heads: int = 4
    encoder_layers: int = 1
    decoder_layers: int = 1
    learning_rate: float = 6e-3


def build_package(out: Path, *, pair: str = "de_en", bpe: bool = False) -> Path:
    """The archive `out`: trained, converted, zipped with metadata as Argos packages are."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    random.seed(1)
    np.random.seed(1)
    source, target = (("de", "en", "fr").index(code) for code in pair.split("_"))
    texts = [(s[source], s[target]) for s in draw_sentences(6000, seed=1)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / f"translate-{pair}-1_0"
        folder.mkdir()
        encode = train_bpe(folder, texts, pair) if bpe else train_sentencepiece(folder, texts)
        prefix = f"__{pair[-2:]}__" if bpe else ""
        pairs = [(encode(s), ([prefix] if prefix else []) + encode(t)) for s, t in texts]
        tokens = sorted(Counter(itertools.chain(*itertools.chain(*pairs))))
        vocabulary = ["<unk>", "<s>", "</s>", *tokens]
        model = train_transformer(pairs, vocabulary, Recipe())
        save_ctranslate2(model, vocabulary, folder / "model")
        write_metadata(folder, pair, prefix)
        return zip_folder(folder, out)


def train_sentencepiece(folder: Path, texts: list[tuple[str, str]]) -> Callable[[str], list[str]]:
    """A unigram model with split digits in `folder`, and its encoder."""
    import sentencepiece

    lines = folder / "lines.txt"
    lines.write_text("\n".join(itertools.chain(*texts)), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(lines),
        model_prefix=str(folder / "sentencepiece"),
        vocab_size=340,
        model_type="bpe",
        split_digits=True,
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
    )
    lines.unlink()
    (folder / "sentencepiece.vocab").unlink()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    return lambda text: list(processor.encode(text, out_type=str))


def train_bpe(folder: Path, texts: list[tuple[str, str]], pair: str) -> Callable[[str], list[str]]:
    """Merges in subword-nmt's format in `folder`, and argostranslate's own encoder over them."""
    from sacremoses import MosesTokenizer

    moses = MosesTokenizer(pair[:2])
    words = Counter(itertools.chain(*(moses.tokenize(text) for text in itertools.chain(*texts))))
    symbols = {word: (*word[:-1], word[-1] + "</w>") for word in words if not word[0].isdigit()}
    merges: list[str] = []
    while len(merges) < 200:
        counts = Counter[tuple[str, str]]()
        for word, parts in symbols.items():
            for left, right in itertools.pairwise(parts):
                counts[left, right] += words[word]
        if not counts:
            break
        best = max(sorted(counts), key=counts.__getitem__)
        merges.append(" ".join(best))
        symbols = {word: tuple(merge_parts(parts, best)) for word, parts in symbols.items()}
    (folder / "bpe.model").write_text(
        "\n".join(["#version: 0.2", *merges]) + "\n", encoding="utf-8"
    )
    from argostranslate.tokenizer import BPETokenizer

    tokenizer = BPETokenizer(folder / "bpe.model", pair[:2], pair[-2:])
    return lambda text: list(tokenizer.encode(text))


def merge_parts(parts: tuple[str, ...], best: tuple[str, str]) -> Iterator[str]:
    """The parts with every occurrence of the pair joined."""
    position = 0
    while position < len(parts):
        if parts[position : position + 2] == best:
            yield best[0] + best[1]
            position += 2
        else:
            yield parts[position]
            position += 1


def train_transformer(
    pairs: list[tuple[list[str], list[str]]], vocabulary: list[str], recipe: Recipe
) -> Any:
    """A pre-norm torch transformer that has learned the pairs."""
    import torch

    index = {token: number for number, token in enumerate(vocabulary)}
    model = make_transformer(len(vocabulary), recipe)
    optimiser = torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=recipe.steps
    )
    rng = random.Random(1)
    for _ in range(recipe.steps):
        drawn = rng.sample(pairs, recipe.batch_sentences)
        source = pad([[index[t] for t in s] for s, _ in drawn])
        decoder_in = pad([[1, *(index[t] for t in t_)] for _, t_ in drawn])
        wanted = pad([[*(index[t] for t in t_), 2] for _, t_ in drawn])
        logits = model(source, decoder_in)
        loss = torch.nn.functional.cross_entropy(logits.transpose(1, 2), wanted, ignore_index=PAD)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return model.eval()


PAD = -100


def pad(rows: list[list[int]]) -> Any:
    """Token numbers as a rectangle, filled with PAD."""
    import torch

    longest = max(len(row) for row in rows)
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])


def make_transformer(size: int, recipe: Recipe) -> Any:
    """An encoder-decoder with tied embeddings, as OpenNMT's are."""
    import torch
    from torch import nn

    class Transformer(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            width, heads = recipe.width, recipe.heads
            self.heads = heads
            self.embedding = nn.Embedding(size, width)
            nn.init.normal_(self.embedding.weight, std=width**-0.5)
            self.register_buffer("positions", sinusoids(256, width))
            options: dict[str, Any] = {
                "dim_feedforward": width * 2, "dropout": 0.0,
                "batch_first": True, "norm_first": True,
            }  # fmt: skip
            self.encoder = nn.ModuleList(
                nn.TransformerEncoderLayer(width, heads, **options)
                for _ in range(recipe.encoder_layers)
            )
            self.decoder = nn.ModuleList(
                nn.TransformerDecoderLayer(width, heads, **options)
                for _ in range(recipe.decoder_layers)
            )
            self.encoder_norm = nn.LayerNorm(width)
            self.decoder_norm = nn.LayerNorm(width)

        def embed(self, tokens: Any) -> Any:
            scaled = self.embedding(tokens.clamp(min=0)) * self.embedding.embedding_dim**0.5
            return scaled + self.positions[: tokens.shape[1]]

        def forward(self, source: Any, target: Any) -> Any:
            padding = source == PAD
            hidden = self.embed(source)
            for layer in self.encoder:
                hidden = layer(hidden, src_key_padding_mask=padding)
            hidden = self.encoder_norm(hidden)
            future = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).triu(1)
            out = self.embed(target)
            for layer in self.decoder:
                out = layer(out, hidden, tgt_mask=future, memory_key_padding_mask=padding)
            return self.decoder_norm(out) @ self.embedding.weight.T

    return Transformer()


def sinusoids(length: int, width: int) -> Any:
    """Position encodings, shape (length, width)."""
    import torch

    angles = torch.arange(length)[:, None] / 10000 ** (torch.arange(width // 2) * 2 / width)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def save_ctranslate2(model: Any, vocabulary: list[str], folder: Path) -> None:
    """The torch weights written through CTranslate2's TransformerSpec, as a converter does."""
    import ctranslate2

    spec = ctranslate2.specs.TransformerSpec.from_config(
        (len(model.encoder), len(model.decoder)), model.heads, pre_norm=True
    )
    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    for side in (spec.encoder, spec.decoder):
        embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embeddings.weight = weights["embedding.weight"]
        side.position_encodings.encodings = weights["positions"]
    set_norm(spec.encoder.layer_norm, weights, "encoder_norm")
    set_norm(spec.decoder.layer_norm, weights, "decoder_norm")
    spec.decoder.projection.weight = weights["embedding.weight"]
    for number, layer in enumerate(spec.encoder.layer):
        set_self_attention(layer, weights, f"encoder.{number}", ("norm1", "norm2"))
    for number, layer in enumerate(spec.decoder.layer):
        set_self_attention(layer, weights, f"decoder.{number}", ("norm1", "norm3"))
        set_cross_attention(layer.attention, weights, f"decoder.{number}")
    spec.config.add_source_bos = False
    spec.config.add_source_eos = False
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    folder.mkdir()
    spec.save(str(folder))


def set_self_attention(layer: Any, weights: Any, name: str, norms: tuple[str, str]) -> None:
    """One layer's self-attention and feed-forward part."""
    set_norm(layer.self_attention.layer_norm, weights, f"{name}.{norms[0]}")
    set_linear(layer.self_attention.linear[0], weights, f"{name}.self_attn.in_proj_", "")
    set_linear(layer.self_attention.linear[1], weights, f"{name}.self_attn.out_proj")
    set_norm(layer.ffn.layer_norm, weights, f"{name}.{norms[1]}")
    set_linear(layer.ffn.linear_0, weights, f"{name}.linear1")
    set_linear(layer.ffn.linear_1, weights, f"{name}.linear2")


def set_cross_attention(attention: Any, weights: Any, name: str) -> None:
    """Query apart, key and value together: CTranslate2's order of a cross-attention."""
    joint, bias = (weights[f"{name}.multihead_attn.in_proj_{part}"] for part in ("weight", "bias"))
    width = joint.shape[1]
    attention.linear[0].weight, attention.linear[0].bias = joint[:width], bias[:width]
    attention.linear[1].weight, attention.linear[1].bias = joint[width:], bias[width:]
    set_linear(attention.linear[2], weights, f"{name}.multihead_attn.out_proj")
    set_norm(attention.layer_norm, weights, f"{name}.norm2")


def set_linear(spec: Any, weights: Any, name: str, dot: str = ".") -> None:
    """Weight and bias of one linear layer."""
    spec.weight, spec.bias = weights[f"{name}{dot}weight"], weights[f"{name}{dot}bias"]


def set_norm(spec: Any, weights: Any, name: str) -> None:
    """Gain and bias of one layer norm."""
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def write_metadata(folder: Path, pair: str, prefix: str) -> None:
    """metadata.json with the keys of a published package."""
    names = {"de": "German", "en": "English", "fr": "French"}
    source, target = pair.split("_")
    metadata = {
        "package_version": "1.0",
        "argos_version": "1.9.0",
        "from_code": source,
        "from_name": names[source],
        "to_code": target,
        "to_name": names[target],
        **({"target_prefix": prefix} if prefix else {}),
    }
    (folder / "metadata.json").write_text(json.dumps(metadata, indent=2), encoding="utf-8")
    (folder / "README.md").write_text("A toy package for tests.\n", encoding="utf-8")


def zip_folder(folder: Path, out: Path) -> Path:
    """The folder as `.argosmodel`, renamed into place when complete."""
    unfinished = out.with_suffix(".tmp")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder.parent))
    shutil.move(unfinished, out)
    return out


def install_with_argos(archive: Path, folder: Path) -> None:
    """The archive installed by argostranslate itself, with all its settings inside `folder`."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(folder / name)
    os.environ["ARGOS_PACKAGES_DIR"] = str(folder / "packages")
    from argostranslate import package

    package.install_from_path(archive)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--pair", default="de_en")
    parser.add_argument("--bpe", action="store_true")
    parser.add_argument("--argos", type=Path, help="install it there through argostranslate")
    arguments = parser.parse_args()
    build_package(arguments.out, pair=arguments.pair, bpe=arguments.bpe)
    if arguments.argos:
        install_with_argos(arguments.out, arguments.argos)
    sys.exit(0)
