"""Packed ids: every domain's pairs as flat uint16 arrays, compressed, cut into parts that travel.

Layout: the arrays of all domains behind one another, LZMA over the whole, cut into
`packed.NN.part`; `packed.json` names the arrays, the digests and what they were made from.
A domain's arrays are `source`, `target` (ids without end mark), `source_lengths`,
`target_lengths` (uint16). Pairs are sorted by German line, which brings a line's several
translations together: that is where the compression comes from.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.training.parts import DOMAINS, digest_file, read_pairs
from models.training.vocabulary import END, load_vocabulary, train_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Ids = NDArray[np.uint16]

MAX_TOKENS = 126  # with begin or end mark a line fits the longest batch
FIELDS = ("source", "source_lengths", "target", "target_lengths")
# Low bytes and high bytes of an id follow different laws: `lp`/`pb` of 1 tell them apart.
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 27, "lc": 3, "lp": 1, "pb": 1}]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pairs of one domain, ragged: line `i` is `ids[starts[i] : starts[i] + lengths[i]]`."""

    source: Ids
    source_lengths: NDArray[np.int64]
    target: Ids
    target_lengths: NDArray[np.int64]

    @property
    def pair_count(self) -> int:
        """Number of pairs."""
        return len(self.source_lengths)

    @property
    def token_count(self) -> int:
        """Ids of both sides together."""
        return len(self.source) + len(self.target)


def pack_text(
    folder: Path, out: Path, *, vocabulary_size: int, part_mib: int = 40, seed: int = 20
) -> dict[str, Any]:
    """Train the vocabulary on `folder`'s domains, pack them and the held-back pairs into `out`.

    Returns the manifest, which is also `packed.json`.
    """
    out.mkdir(parents=True, exist_ok=True)
    texts = {name: sorted(read_pairs(path)) for name, path in _list_texts(folder)}
    model_path = out / "sentencepiece.model"
    # Documentation must not decide the pieces of news: every domain gives its full sentences, but
    # docs only as many as news.
    lines = [
        side
        for name, pairs in texts.items()
        if "." not in name and name != "noisy"
        for pair in (pairs[:: max(1, len(pairs) // 150_000)] if name == "docs" else pairs)
        for side in pair
    ]
    train_vocabulary(lines, model_path, size=vocabulary_size, seed=seed)
    processor = load_vocabulary(model_path)
    manifest: dict[str, Any] = {
        "text": {path.name: digest_file(path) for _, path in _list_texts(folder)},
        "data": _read_data_digests(folder / "report.json"),
        "sentencepiece": digest_file(model_path),
        "vocabulary_size": processor.get_piece_size(),
        "lost": {},
        "arrays": [],
        "pairs": {},
        "tokens": {},
    }
    chunks: list[bytes] = []
    for name, pairs in texts.items():
        corpus, lost = _encode_pairs(processor, pairs)
        manifest["lost"][name] = lost
        manifest["pairs"][name] = corpus.pair_count
        manifest["tokens"][name] = corpus.token_count
        for field in FIELDS:
            array = getattr(corpus, field).astype("<u2")
            manifest["arrays"].append([name, field, len(array)])
            chunks.append(array.tobytes())
    _write_parts(b"".join(chunks), out, manifest, part_mib)
    (out / "packed.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest that `pack_text` wrote."""
    content: dict[str, Any] = json.loads((folder / "packed.json").read_text(encoding="utf-8"))
    return content


def _read_data_digests(report: Path) -> dict[str, str]:
    """Digest of every part that the text was chosen from, by the part's name."""
    parts = json.loads(report.read_text(encoding="utf-8")).get("parts", {})
    return {name: part["sha256"] for name, part in parts.items() if "sha256" in part}


def load_packed(folder: Path) -> tuple[dict[str, Corpus], dict[str, Any]]:
    """Corpora by domain (held-back ones as `valid.DOMAIN`) and the manifest, digests checked.

    Raises:
        ValueError: a part is missing or is not the one the manifest names.
    """
    manifest = read_manifest(folder)
    if digest_file(folder / "sentencepiece.model") != manifest["sentencepiece"]:
        raise ValueError(f"{folder}: sentencepiece.model is not the one the ids were made with")
    packed = bytearray()
    for name, digest in manifest["parts"]:
        path = folder / name
        if not path.exists():
            raise ValueError(f"{path} is missing: send every part before training")
        if digest_file(path) != digest:
            raise ValueError(f"{path} is damaged: send it again")
        packed += path.read_bytes()
    raw = lzma.decompress(bytes(packed), format=lzma.FORMAT_XZ)
    if hashlib.sha256(raw).hexdigest() != manifest["ids"]:
        raise ValueError(f"{folder}: packed ids do not have the manifest's digest")
    return _cut_arrays(raw, manifest), manifest


def _cut_arrays(raw: bytes, manifest: dict[str, Any]) -> dict[str, Corpus]:
    arrays: dict[str, dict[str, NDArray[Any]]] = {}
    at = 0
    for name, field, count in manifest["arrays"]:
        values = np.frombuffer(raw, dtype="<u2", count=count, offset=at)
        at += 2 * count
        if field.endswith("lengths"):
            values = values.astype(np.int64)
        arrays.setdefault(name, {})[field] = values
    return {name: Corpus(**fields) for name, fields in arrays.items()}


def _list_texts(folder: Path) -> Iterator[tuple[str, Path]]:
    for prefix in ("", "valid."):
        for domain in DOMAINS:
            path = folder / f"{prefix}{domain}.tsv"
            if path.exists():
                yield f"{prefix}{domain}", path


def _encode_pairs(processor: Any, pairs: list[tuple[str, str]]) -> tuple[Corpus, dict[str, int]]:
    lost = {"too long": 0, "byte pieces": 0}
    first_byte = processor.piece_to_id("<0x00>")
    sides: tuple[list[Ids], list[Ids]] = ([], [])
    for start in range(0, len(pairs), 50_000):
        chunk = pairs[start : start + 50_000]
        german = processor.encode([pair[0] for pair in chunk])
        english = processor.encode([pair[1] for pair in chunk])
        for source, target in zip(german, english, strict=True):
            if not (0 < len(source) <= MAX_TOKENS and 0 < len(target) <= MAX_TOKENS):
                lost["too long"] += 1
            # A target in bytes teaches to spell in bytes; the source may hold them.
            elif any(first_byte <= piece < first_byte + 256 for piece in target):
                lost["byte pieces"] += 1
            else:
                sides[0].append(np.array(source, dtype=np.uint16))
                sides[1].append(np.array(target, dtype=np.uint16))
    empty = np.zeros(0, dtype=np.uint16)
    flat = [np.concatenate(side) if side else empty for side in sides]
    lengths = [np.array([len(line) for line in side], dtype=np.int64) for side in sides]
    return Corpus(flat[0], lengths[0], flat[1], lengths[1]), lost


def _write_parts(raw: bytes, out: Path, manifest: dict[str, Any], part_mib: int) -> None:
    packed = lzma.compress(raw, format=lzma.FORMAT_XZ, filters=_FILTERS)
    for stale in out.glob("packed.*.part"):
        stale.unlink()
    manifest["ids"] = hashlib.sha256(raw).hexdigest()
    manifest["raw_bytes"], manifest["packed_bytes"] = len(raw), len(packed)
    manifest["parts"] = []
    size = part_mib << 20
    for number, start in enumerate(range(0, len(packed), size)):
        path = out / f"packed.{number:02d}.part"
        path.write_bytes(packed[start : start + size])
        manifest["parts"].append([path.name, digest_file(path)])


def decode_lines(corpus: Corpus, processor: Any, side: str, rows: range) -> list[str]:
    """Text of some lines of one side, for probes and figures."""
    ids, lengths = getattr(corpus, side), getattr(corpus, f"{side}_lengths")
    starts = np.concatenate(([0], np.cumsum(lengths)))
    lines = [ids[starts[row] : starts[row + 1]].tolist() for row in rows]
    return [processor.decode([piece for piece in line if piece != END]) for line in lines]
