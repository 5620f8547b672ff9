"""Segments in, translations out: packages, memory, termbase, guards, cache, alignment."""

from __future__ import annotations

from pipeline.translation.cache import (
    CacheInfo,
    TranslationCache,
    clear_cache,
    describe_cache,
    open_cache,
)
from pipeline.translation.clauses import align_clauses
from pipeline.translation.homes import find_cache_folder, find_packages_folder
from pipeline.translation.lines import translate_lines
from pipeline.translation.memory import TranslationMemory, load_memory, write_memory
from pipeline.translation.package import (
    Package,
    Route,
    find_route,
    list_packages,
    open_package,
    read_package,
)
from pipeline.translation.segments import TranslationResult, translate_segments
from pipeline.translation.termbase import Termbase, load_termbase

__all__ = [
    "CacheInfo",
    "Package",
    "Route",
    "Termbase",
    "TranslationCache",
    "TranslationMemory",
    "TranslationResult",
    "align_clauses",
    "clear_cache",
    "describe_cache",
    "find_cache_folder",
    "find_packages_folder",
    "find_route",
    "list_packages",
    "load_memory",
    "load_termbase",
    "open_cache",
    "open_package",
    "read_package",
    "translate_lines",
    "translate_segments",
    "write_memory",
]
