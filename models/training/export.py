"""Stage four: weights in, an `.argosmodel` out that CTranslate2 and Argos Translate load.

The same weights and vocabulary give the same bytes: entries are sorted and carry no times.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.training.network import Shape
from models.training.parts import digest_file
from models.training.weights import read_weights

if TYPE_CHECKING:
    from models.training.network import Weights

FOLDER = "translate-de_en"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
_METADATA = {
    "argos_version": "1.9.0",
    "from_code": "de",
    "from_name": "German",
    "to_code": "en",
    "to_name": "English",
}


def export_package(
    weights_folder: Path, model_path: Path, out: Path, *, version: str, readme: str
) -> dict[str, Any]:
    """Write the package to `out` and the chain of digests beside it (`.json`); returns the chain.

    Raises:
        ValueError: the vocabulary is not the one the weights were trained with.
    """
    weights, facts = read_weights(weights_folder)
    if digest_file(model_path) != facts["sentencepiece"]:
        raise ValueError(f"{model_path} is not the vocabulary these weights were trained with")
    chain = {
        "data": facts["data"],
        "text": facts["text"],
        "ids": facts["ids"],
        "sentencepiece": facts["sentencepiece"],
        "weights": facts["weights"],
        "weights_image": facts["image"],
        "training": facts["training"],
        "version": version,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / FOLDER
        folder.mkdir()
        convert_weights(weights, Shape(**facts["shape"]), model_path, folder / "model")
        (folder / "sentencepiece.model").write_bytes(model_path.read_bytes())
        _write_json(folder / "metadata.json", {"package_version": version, **_METADATA})
        _write_json(folder / "chain.json", chain)
        (folder / "README.md").write_text(readme, encoding="utf-8")
        out.parent.mkdir(parents=True, exist_ok=True)
        _zip_folder(folder, out)
    chain = {**chain, "package": digest_file(out), "package_bytes": out.stat().st_size}
    _write_json(out.with_suffix(".json"), chain)
    return chain


def convert_weights(
    weights: Weights,
    shape: Shape,
    model_path: Path,
    out: Path,
    *,
    quantization: str | None = "int8",
) -> None:
    """Write the CTranslate2 model folder; `quantization` None keeps float32."""
    from ctranslate2.specs import TransformerSpec

    spec = TransformerSpec.from_config(
        (shape.encoder_layers, shape.decoder_layers),
        shape.heads,
        pre_norm=True,
        # All heads of the last decoder layer together: their attention points at the source
        # pieces, which is how the clause a sentence part came from is found.
        alignment_layer=-1,
        alignment_heads=shape.heads,
    )
    arrays = {name: values.detach().float().numpy() for name, values in weights.items()}
    _set_block(spec.encoder, "encoder", arrays)
    _set_block(spec.decoder, "decoder", arrays)
    spec.encoder.embeddings[0].weight = arrays["embedding"]
    spec.decoder.embeddings.weight = arrays["embedding"]
    spec.decoder.projection.weight = arrays["embedding"]
    pieces = _list_pieces(model_path)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.add_source_eos = True
    spec.validate()
    spec.optimize(quantization=quantization)
    out.mkdir(parents=True, exist_ok=True)
    spec.save(str(out))


def _set_block(spec: Any, block: str, arrays: dict[str, Any]) -> None:
    _set_norm(spec.layer_norm, f"{block}.norm", arrays)
    for number, layer in enumerate(spec.layer):
        name = f"{block}.{number}"
        _set_norm(layer.self_attention.layer_norm, f"{name}.norm1", arrays)
        _set_linears(layer.self_attention.linear, name, ("qkv", "out"), arrays)
        if block == "decoder":
            _set_norm(layer.attention.layer_norm, f"{name}.norm2", arrays)
            _set_linears(layer.attention.linear, name, ("query", "key_value", "cross_out"), arrays)
        _set_norm(layer.ffn.layer_norm, f"{name}.norm3", arrays)
        _set_linears((layer.ffn.linear_0, layer.ffn.linear_1), name, ("up", "down"), arrays)


def _set_norm(spec: Any, name: str, arrays: dict[str, Any]) -> None:
    spec.gamma, spec.beta = arrays[f"{name}.gain"], arrays[f"{name}.bias"]


def _set_linears(
    specs: Any, name: str, operations: tuple[str, ...], arrays: dict[str, Any]
) -> None:
    for spec, operation in zip(specs, operations, strict=True):
        spec.weight = arrays[f"{name}.{operation}.weight"]
        spec.bias = arrays[f"{name}.{operation}.bias"]


def _list_pieces(model_path: Path) -> list[str]:
    from models.training.vocabulary import load_vocabulary

    processor = load_vocabulary(model_path)
    return [processor.id_to_piece(piece) for piece in range(processor.get_piece_size())]


def _zip_folder(folder: Path, out: Path) -> None:
    temporary = out.with_suffix(".tmp")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
    temporary.replace(out)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
