"""YAML front matter of a text file: `---`, metadata, `---`, then the article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_BLOCK = re.compile(r"\s*---[ \t]*\r?\n(?:(.*?)\r?\n)??(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# A block that was never closed: a rule, then a "name: value" line.
_UNCLOSED = re.compile(r"\s*---[ \t]*\r?\n[a-zäöü_]+:[ \t]\S")
_PLAIN = re.compile(r"^([\w -]+):[ \t]+([^\s\"'\[{>|&*!%@`#].*?)[ \t]*$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Metadata, where the article's text begins, and what is wrong with the block if anything."""

    values: dict[str, Any] = field(default_factory=dict)
    text_start: int = 0
    problem: str | None = None


def read_front_matter(text: str) -> FrontMatter:
    """The block's values; empty when the text has none (a rule `---` alone is text)."""
    found = _BLOCK.match(text)
    if found is None:
        unclosed = _UNCLOSED.match(text) is not None
        return FrontMatter(problem="no closing '---' line" if unclosed else None)
    block = found[1] or ""
    values, problem = _parse(block)
    if problem is not None:
        values, still = _parse(_quote_plain_values(block))
        if still is not None:
            return FrontMatter(problem=problem)
    if not isinstance(values, dict):
        return FrontMatter(text_start=0 if values else found.end())
    return FrontMatter({str(key): value for key, value in values.items()}, found.end())


def _parse(block: str) -> tuple[Any, str | None]:
    """The block's value with every scalar a string: a date is read later, "no" is Norwegian."""
    import yaml

    try:
        return yaml.load(block, Loader=yaml.BaseLoader), None  # noqa: S506 - builds str, list, dict
    except yaml.YAMLError as error:
        return None, " ".join(str(error).split())


def _quote_plain_values(block: str) -> str:
    """`title: Kursk: Duma ...` is a slip everybody makes: quote values that hold a colon."""
    lines = []
    for line in block.splitlines():
        found = _PLAIN.match(line)
        if found is not None and ": " in found[2]:
            escaped = found[2].replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'{found[1]}: "{escaped}"')
        else:
            lines.append(line)
    return "\n".join(lines)
