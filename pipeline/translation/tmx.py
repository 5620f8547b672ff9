"""TMX 1.4, in and out: the exchange format of translation memories.

Read as a stream (500,000 units in seconds, one unit in memory at a time), with entities and
external files refused; a DOCTYPE that only names tmx14.dtd is accepted and nothing is loaded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from pipeline.errors import MemoryFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Native codes inside a segment: formatting that is no text of the sentence.
CODE_TAGS = {"bpt", "ept", "ph", "it", "ut"}
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """One bilingual row of a memory."""

    source_text: str
    target_text: str
    unit_id: str | None = None


def read_tmx(file: Path, source: str, target: str) -> Iterator[TranslationUnit]:
    """The file's units in these two languages, in file order; `de` also takes `de-DE`.

    Raises:
        MemoryFileError: not readable, not TMX, or with entities or external files in it.
    """
    from defusedxml.common import DefusedXmlException

    parser = _TmxParser(source.casefold(), target.casefold())
    try:
        with file.open("rb") as handle:
            while chunk := handle.read(1 << 20):
                parser.feed(chunk)
                yield from parser.take()
            parser.close()
        yield from parser.take()
    except DefusedXmlException as error:
        raise MemoryFileError(
            f"{file}: refused, a translation memory has no entities or external files of its own "
            f"({type(error).__name__})"
        ) from error
    except parser.error as error:
        raise MemoryFileError(
            f"{file}:{error.lineno}: not well-formed TMX ({error}); export it again as TMX 1.4"
        ) from error
    except (OSError, UnicodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MemoryFileError(f"{file}: the memory can't be read ({reason})") from error
    if not parser.is_tmx:
        raise MemoryFileError(f"{file}: not a TMX file (no <tmx> element)")


class _TmxParser:
    """Expat with handlers for <tu>, <tuv>, <seg> and inline elements."""

    def __init__(self, source: str, target: str) -> None:
        from xml.parsers import expat

        self.error: type[Any] = expat.ExpatError
        self.source, self.target = source, target
        self.is_tmx = False
        self.done: list[TranslationUnit] = []
        self.texts: dict[str, str] = {}
        self.unit_id: str | None = None
        self.language = ""
        self.segment: list[str] | None = None
        self.code_depth = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._refuse_entity
        self.parser.UnparsedEntityDeclHandler = self._refuse_entity
        self.parser.ExternalEntityRefHandler = self._refuse_external
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def feed(self, chunk: bytes) -> None:
        self.parser.Parse(chunk, False)

    def close(self) -> None:
        self.parser.Parse(b"", True)

    def take(self) -> list[TranslationUnit]:
        done, self.done = self.done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "seg":
            self.segment, self.code_depth = [], 0
        elif self.segment is not None:
            self.code_depth += name in CODE_TAGS or self.code_depth > 0
        elif name == "tuv":
            language = attributes.get("xml:lang") or attributes.get("lang") or ""
            self.language = language.casefold().replace("_", "-")
        elif name == "tu":
            self.texts, self.unit_id = {}, attributes.get("tuid")
        elif name == "tmx":
            self.is_tmx = True

    def _end(self, name: str) -> None:
        if name == "seg" and self.segment is not None:
            self.texts.setdefault(self.language, "".join(self.segment))
            self.segment = None
        elif self.segment is not None:
            self.code_depth -= self.code_depth > 0
        elif name == "tu":
            source, target = self._pick(self.source), self._pick(self.target)
            if source and target:
                self.done.append(TranslationUnit(source, target, self.unit_id))

    def _characters(self, text: str) -> None:
        if self.segment is not None and self.code_depth == 0:
            self.segment.append(text)

    def _pick(self, language: str) -> str | None:
        """The text in that language: the very code first, then a variant (`de` and `de-at`)."""
        if language in self.texts:
            return self.texts[language].strip()
        base = language.partition("-")[0]
        variants = [code for code in sorted(self.texts) if code.partition("-")[0] == base]
        return self.texts[variants[0]].strip() if variants else None

    def _refuse_entity(self, name: str, *_: object) -> None:
        from defusedxml.common import EntitiesForbidden

        raise EntitiesForbidden(name, None, None, None, None, None)

    def _refuse_external(self, context: str, *_: object) -> int:
        from defusedxml.common import ExternalReferenceForbidden

        raise ExternalReferenceForbidden(context, None, None, None)


def write_tmx(
    rows: Iterable[tuple[str, str, str]], *, source: str, target: str, version: str
) -> str:
    """TMX 1.4 of the rows (id, source text, target text); the same rows give the same text."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">',
        '<tmx version="1.4">',
        f'  <header creationtool="faktenblatt" creationtoolversion={quoteattr(version)}',
        '    segtype="sentence" o-tmf="faktenblatt" adminlang="en"',
        f'    srclang={quoteattr(source)} datatype="plaintext"/>',
        "  <body>",
    ]
    for unit_id, source_text, target_text in rows:
        lines += [
            f"    <tu tuid={quoteattr(_clean(unit_id))}>",
            f"      <tuv xml:lang={quoteattr(source)}><seg>{_escape(source_text)}</seg></tuv>",
            f"      <tuv xml:lang={quoteattr(target)}><seg>{_escape(target_text)}</seg></tuv>",
            "    </tu>",
        ]
    return "\n".join([*lines, "  </body>", "</tmx>", ""])


def _escape(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    """The text without the characters XML 1.0 can't hold."""
    return NOT_XML.sub("", text)
