"""Settings of a run: dataclass default < TOML file < command line option.

One frozen section a room; `load_config` reads `[section]` tables of a TOML file and refuses
unknown keys, naming the nearest known one.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """How articles are read."""

    max_article_chars: int = 1_000_000
    language: str | None = None  # ISO 639-1; detected per article when None
    outlet: str | None = None  # used where neither front matter nor column names one


@dataclass(frozen=True, slots=True)
class SegmentConfig:
    """How articles are cut."""

    min_clause_words: int = 3  # a shorter piece between commas stays with its neighbour


@dataclass(frozen=True, slots=True)
class TranslationConfig:
    """How segments are translated."""

    to: str = "en"
    package: Path | None = None
    memory: tuple[Path, ...] = ()
    terms: tuple[Path, ...] = ()
    beam_size: int = 4
    device: str = "cpu"
    inter_threads: int = 0  # translators at once; 0: as many as there are cores and batches
    intra_threads: int = 0  # threads of each; 0: the cores shared out


@dataclass(frozen=True, slots=True)
class MatchingConfig:
    """How facts are matched."""

    embedder: str = "all-MiniLM-L6-v2"  # name, or path of a sentence-transformers folder
    threshold: float = 0.5  # a pair at or above it may be the same fact
    story_threshold: float = 0.5  # articles at or above it report the same story
    all_pairs_units: int = 400  # a story of at most so many units is compared all against all
    least_cosine: float = (
        0.2  # below it, units of a small story that share no wording are passed over
    )
    neighbours: int = 20  # nearest neighbours of a unit in a larger story
    neighbour_units: int = 40_000  # beyond, candidates come from shingles alone
    differs_threshold: float = 0.3  # at or above it, a pair with a differing detail is a conflict


@dataclass(frozen=True, slots=True)
class SheetConfig:
    """How the sheet is written."""

    title: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run."""

    read: ReadConfig = field(default_factory=ReadConfig)
    segments: SegmentConfig = field(default_factory=SegmentConfig)
    translation: TranslationConfig = field(default_factory=TranslationConfig)
    matching: MatchingConfig = field(default_factory=MatchingConfig)
    sheet: SheetConfig = field(default_factory=SheetConfig)


def load_config(path: Path | None = None, **options: dict[str, Any]) -> Config:
    """Defaults, overridden by the TOML file, overridden by `section={key: value}` options.

    Options whose value is None were not given and change nothing.

    Raises:
        UsageError: the file can't be read, or a section, key or value is not known.
    """
    config = Config()
    if path is not None:
        config = _apply(config, _read_toml(path), origin=str(path))
    given = {
        section: {key: value for key, value in values.items() if value is not None}
        for section, values in options.items()
    }
    return _apply(config, given, origin="command line")


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"{path}: can't read the configuration ({reason}); check --config"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a TOML file ({error}); see README, Configuration") from error


def _apply(config: Config, tables: dict[str, Any], *, origin: str) -> Config:
    sections = {f.name for f in dataclasses.fields(Config)}
    changed: dict[str, Any] = {}
    for name, values in tables.items():
        if name not in sections:
            raise UsageError(f"{origin}: unknown section [{name}]{_nearest(name, sections)}")
        if not isinstance(values, dict):
            raise UsageError(f"{origin}: {name} must be a table, write [{name}]")
        section = getattr(config, name)
        known = {f.name: f for f in dataclasses.fields(section)}
        for key, value in values.items():
            if key not in known:
                raise UsageError(f"{origin}: unknown key {name}.{key}{_nearest(key, set(known))}")
            values[key] = _convert(f"{origin}: {name}.{key}", str(known[key].type), value)
        changed[name] = dataclasses.replace(section, **values)
    return dataclasses.replace(config, **changed)


def _convert(place: str, annotation: str, value: object) -> object:
    """The value as the field's type, or a UsageError that names the place."""
    if annotation.startswith("tuple[Path"):
        items = value if isinstance(value, (list, tuple)) else [value]
        return tuple(Path(str(item)) for item in items)
    expected = annotation.split(" | ", maxsplit=1)[0]
    if expected == "Path" and isinstance(value, (str, Path)):
        return Path(value)
    if expected == "float" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if type(value).__name__ == expected:
        return value
    raise UsageError(f"{place} is {value!r}, expected {expected}")


def _nearest(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known))}"
