"""YAML front matter of a text file: `---`, metadata, `---`, then the article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_BLOCK = re.compile(
    r"\s*---[ \t]*\r?\n(.*?)(?:^|(?<=\n))(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
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
        return FrontMatter()
    values, problem = _parse(found[1])
    if problem is not None:
        values, still = _parse(_quote_plain_values(found[1]))
        if still is not None:
            return FrontMatter(problem=problem)
    if not isinstance(values, dict):
        return FrontMatter(text_start=found.end()) if values is None else FrontMatter()
    return FrontMatter({str(key): value for key, value in values.items()}, found.end())


def _parse(block: str) -> tuple[Any, str | None]:
    import yaml

    try:
        return yaml.safe_load(block), None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2024-13-45
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
