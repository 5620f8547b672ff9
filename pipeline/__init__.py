"""Faktenblatt: many outlets' articles on one story in, one bilingual fact sheet out, offline."""

from __future__ import annotations

__version__ = "0.1.0"
