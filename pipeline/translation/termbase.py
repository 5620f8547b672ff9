"""The termbase: names and terms that come out as given, in a CSV `source,target,note`.

A term is found in its inflected forms (`Beistandspakts`, `Selenskyjs`, `umfassenden strategischen
Partnerschaft`) and in spelling variants (`Kim Jong-un`, `Kim Jong Un`). What can't be put into a
sentence as it stands (`to ratify`, `unanimous(ly)`, `by decree`) is looked for and counted only.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from pipeline.errors import MemoryFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

COLUMNS = ("source", "target")
WORD = re.compile(r"\w+(?:\.(?=\w))?", re.UNICODE)
# Between the words of a term: spaces and any hyphen, so that Jong-un and Jong Un are one.
JOINT = r"[\s\u00a0‐‑–-]+"
OPTIONAL = re.compile(r"\((\w+)\)")
# Endings of German nouns, names and adjectives; a longer word is a compound and another term.
NOUN_ENDINGS = ("", "s", "es", "e", "en", "n", "er", "ern", "se", "sen", "’", "'")
ADJECTIVE_ENDINGS = ("", "e", "en", "em", "er", "es")
ADJECTIVE_BASE = re.compile(r"(?:e[nmrs]?)?$")


@dataclass(frozen=True)
class Term:
    """One row: source term, target term, note, and where it stands."""

    source: str
    target: str
    note: str
    place: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the source term in a text, inflected and in spelling variants."""
        words = WORD.findall(self.source)
        parts = [_word_pattern(word, last=n == len(words) - 1) for n, word in enumerate(words)]
        return re.compile(rf"(?<!\w){JOINT.join(parts)}(?!\w)", re.UNICODE)

    @cached_property
    def target_forms(self) -> tuple[str, ...]:
        """The wordings that count as the target term: `unanimous(ly)` is two."""
        plain = self.target.removeprefix("to ")
        forms = (OPTIONAL.sub(r"\1", plain), OPTIONAL.sub("", plain))
        return tuple(dict.fromkeys(form.strip() for form in forms))

    @cached_property
    def target_pattern(self) -> re.Pattern[str]:
        """Finds the target term in a translation, whatever its case, plural or hyphens."""
        joined = "|".join(
            JOINT.join(re.escape(word) for word in WORD.findall(form)) + r"(?:e?s|ed|d|ing)?"
            for form in self.target_forms
            if WORD.search(form)
        )
        return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)

    @property
    def is_enforceable(self) -> bool:
        """True for names and noun terms: German capitals, and a target that is no gloss."""
        words = WORD.findall(self.source)
        noun = words[-1][0].isupper() or words[0][0].isupper()
        phrase = words[0][0].islower() and len(words[0]) <= 3  # per Dekret, z. B.
        plain = not self.target.startswith("to ") and not re.search(r"[()/;.…]", self.target)
        return noun and plain and not phrase

    @property
    def is_name(self) -> bool:
        """True when every word of the target but the smallest is capitalised."""
        words = [word for word in WORD.findall(self.target) if len(word) > 3] or [self.target]
        return self.is_enforceable and all(word[0].isupper() for word in words)


@dataclass(frozen=True, slots=True)
class TermFind:
    """A term found in a source text."""

    term: Term
    form: str
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class Termbase:
    """Terms, longest source first, so that `Kim Jong-un` is found before `Kim`."""

    terms: tuple[Term, ...] = ()

    def __len__(self) -> int:
        return len(self.terms)

    @property
    def same_names(self) -> tuple[tuple[str, str], ...]:
        """Names that mean one: a source with its target, and sources that share a target."""
        by_target: dict[str, list[str]] = {}
        for term in self.terms:
            if term.is_name:
                by_target.setdefault(term.target, [term.target]).append(term.source)
        pairs = {pair for names in by_target.values() for pair in combinations(sorted(names), 2)}
        return tuple(sorted(pair for pair in pairs if pair[0] != pair[1]))

    def find_terms(self, text: str) -> list[TermFind]:
        """The terms in the text, longest first at each place, none inside another."""
        taken: list[TermFind] = []
        for term in self.terms:
            for match in term.pattern.finditer(text):
                free = all(
                    match.end() <= other.start_char or match.start() >= other.end_char
                    for other in taken
                )
                if free:
                    taken.append(TermFind(term, match.group(), match.start(), match.end()))
        return sorted(taken, key=lambda find: find.start_char)


def load_termbase(paths: Sequence[Path]) -> Termbase:
    """The terms of the files; the first file that has a source term wins.

    Raises:
        MemoryFileError: a file can't be read or lacks a column or a value.
    """
    terms: dict[str, Term] = {}
    for path in paths:
        for term in _read_terms(path):
            terms.setdefault(term.source, term)
    return Termbase(
        tuple(sorted(terms.values(), key=lambda term: (-len(term.source), term.source)))
    )


def _read_terms(path: Path) -> Iterator[Term]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise MemoryFileError(f"{path}: the termbase can't be read ({reason})") from error
    except UnicodeDecodeError as error:
        raise MemoryFileError(f"{path}: not UTF-8 ({error}); save it as CSV UTF-8") from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    names = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise MemoryFileError(f"{path}:1: no column {missing[0]!r}; expected source,target,note")
    try:
        for row in rows:
            values = {key: (row.get(name) or "").strip() for key, name in names.items()}
            source = unicodedata.normalize("NFC", values["source"])
            place = f"{path.name}:{rows.line_num}"
            if source and WORD.search(source) and values["target"]:
                yield Term(source, values["target"], values.get("note", ""), place)
            elif any(values.values()):
                raise MemoryFileError(f"{path}:{rows.line_num}: a term needs source and target")
    except csv.Error as error:
        raise MemoryFileError(f"{path}:{rows.line_num}: broken CSV row ({error})") from error


def _word_pattern(word: str, *, last: bool) -> str:
    if last and word[:1].isupper():
        stem = re.escape(word)
        return stem + _any_of(NOUN_ENDINGS)
    if word[:1].islower() and len(word) > 3:
        base = ADJECTIVE_BASE.sub("", word)
        return re.escape(base if len(base) > 2 else word) + _any_of(ADJECTIVE_ENDINGS)
    if word[:1].isupper() and not last:  # Vereinte -> Vereinten, Nationaler -> Nationalen
        base = ADJECTIVE_BASE.sub("", word)
        if base != word and len(base) > 3:
            return re.escape(base) + _any_of(ADJECTIVE_ENDINGS)
        return re.escape(word) + "s?"
    return f"(?i:{re.escape(word)})" + ("s?" if last else "")  # Jong-un, Jong Uns


def _any_of(endings: Sequence[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, endings), key=len, reverse=True))})"
