"""Files, folders, globs and `-` to the list of files to read, the same on every file system.

In a folder or a glob only article files are taken; a translation memory and a termbase are set
aside for the translation, everything else is listed as a reject. Hidden files are passed over.
"""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pipeline.articles.rejects import Reject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
TABLE_SUFFIXES = frozenset({".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"})
ARTICLE_SUFFIXES = TEXT_SUFFIXES | HTML_SUFFIXES | TABLE_SUFFIXES
_DOCUMENTATION = frozenset(
    {"readme", "license", "licence", "copying", "changelog", "changes", "contributing", "notice"}
    | {"authors", "liesmich", "lizenz", "code_of_conduct", "security", "requirements"}
)
# What a run writes: a folder with its manifest and its facts is an output folder, not an input.
_OUTPUT_MARKS = ("run.json", "pairs.parquet")
_CONVERT = {
    ".pdf": "save it as .txt or .html first",
    ".docx": "save it as .txt or .html first",
    ".doc": "save it as .txt or .html first",
    ".odt": "save it as .txt or .html first",
    ".rtf": "save it as .txt or .html first",
    ".json": "write one article a line as .jsonl",
    ".xlsx": "save it as .csv",
    ".xls": "save it as .csv",
    ".tmx": "name it with --memory",
    ".zip": "unpack it first",
    ".gz": "unpack it first",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: `name` is its path relative to the input, `folder` its first subfolder."""

    path: Path
    shown: str
    name: str
    folder: str | None


@dataclass(slots=True)
class Sources:
    """What the inputs hold."""

    files: list[Source] = field(default_factory=list)
    standard_input: bool = False
    memories: list[Path] = field(default_factory=list)
    terms: list[Path] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # real path -> path as named first


def find_sources(inputs: Sequence[str]) -> Sources:
    """Every file of the inputs once, by name."""
    sources = Sources()
    for given in sorted(set(inputs)):
        if given == "-":
            sources.standard_input = True
        else:
            _add_input(given, sources)
    sources.files.sort(key=lambda source: (source.name, source.shown))
    sources.memories.sort()
    sources.terms.sort()
    return sources


def _add_input(given: str, sources: Sources) -> None:
    path = Path(given)
    if path.is_dir():
        _add_folder(path, sources)
    elif os.path.lexists(path):
        _add_file(path, path.parent, sources, named=True)
    elif glob.has_magic(given):
        _add_glob(given, sources)
    else:
        detail = f"{given}: no such file or folder; check the spelling"
        sources.rejects.append(Reject(given, "missing", detail))


def _add_folder(folder: Path, sources: Sources) -> None:
    before = _count(sources)
    for path in _walk(folder, frozenset(), sources):
        _add_file(path, folder, sources, named=False)
    if _count(sources) == before:
        detail = f"{folder}: the folder holds no file; put articles into it (.txt, .md, .html, ...)"
        sources.rejects.append(Reject(str(folder), "empty_folder", detail))


def _count(sources: Sources) -> int:
    return len(sources.seen) + len(sources.rejects)


def _add_glob(pattern: str, sources: Sources) -> None:
    parts = PurePath(pattern).parts
    fixed = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    base = Path(*parts[:fixed])
    found = [Path(name) for name in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    if not found:
        detail = f"{pattern}: no file matches; check the pattern"
        sources.rejects.append(Reject(pattern, "missing", detail))
    for path in found:
        if path.is_dir():
            continue  # '**' lists folders beside the files in them
        _add_file(path, base, sources, named=False)


def _walk(folder: Path, above: frozenset[str], sources: Sources) -> Iterator[Path]:
    """Files below the folder by name; hidden ones, link circles and output folders passed over."""
    real = os.path.realpath(folder)
    if real in above:
        return
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        sources.rejects.append(_unreadable(str(folder), error))
        return
    if above and all((folder / mark).is_file() for mark in _OUTPUT_MARKS):
        detail = f"{folder}: results of an earlier run are not read again; name the files if wanted"
        sources.rejects.append(Reject(str(folder), "own_output", detail))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, above | {real}, sources)
        else:
            yield entry


def _unreadable(shown: str, error: OSError) -> Reject:
    reason = error.strerror or str(error)
    return Reject(shown, "unreadable", f"{shown}: can't be read ({reason}); check permissions")


def _add_file(path: Path, base: Path, sources: Sources, *, named: bool) -> None:
    real, absolute = os.path.realpath(path), os.path.abspath(path)  # noqa: PTH100 - links kept
    if real in sources.seen:
        if sources.seen[real] != absolute:  # not merely the same path through two inputs
            detail = f"{path}: a link to {sources.seen[real]}, which is read already; leave one out"
            sources.rejects.append(Reject(str(path), "duplicate", detail))
        return
    sources.seen[real] = absolute
    name, suffix = path.name.casefold(), path.suffix.casefold()
    if name == "memory.tmx" or (named and suffix == ".tmx"):
        sources.memories.append(path)
    elif name == "terms.csv":
        sources.terms.append(path)
    elif path.stem.casefold() in _DOCUMENTATION and suffix in {*TEXT_SUFFIXES, ""}:
        detail = f"{path}: looks like documentation, not an article; rename it if it is one"
        sources.rejects.append(Reject(str(path), "not_an_article", detail))
    elif suffix in ARTICLE_SUFFIXES or (named and suffix not in _CONVERT):
        relative = path.relative_to(base)
        folder = relative.parts[0] if len(relative.parts) > 1 else None
        sources.files.append(Source(path, str(path), relative.as_posix(), folder))
    else:
        advice = _CONVERT.get(suffix, "articles end in .txt, .md, .html, .jsonl, .csv or .parquet")
        detail = f"{path}: not read as an article; {advice}"
        sources.rejects.append(Reject(str(path), "unsupported", detail))
