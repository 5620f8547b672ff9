"""Folders: our own packages and cache, the user's Argos packages, the bundled package.

`FAKTENBLATT_HOME` moves everything of ours; without it the system's usual places are taken (XDG
on Linux). Argos' folders are only read.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipeline.store import cache_folder, home_folder


def find_packages_folder() -> Path:
    """Where our own packages are installed; it need not exist yet."""
    return home_folder() / "packages"


def find_cache_folder() -> Path:
    """Where translations and extracted archives are kept; it need not exist yet."""
    return cache_folder()


def find_argos_folders() -> list[Path]:
    """Package folders of the user's own Argos Translate that exist, never written to."""
    named = [os.environ.get(name) for name in ("ARGOS_PACKAGES_DIR", "ARGOS_TRANSLATE_PACKAGE_DIR")]
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    places = [Path(name) for name in named if name]
    places.append(Path(data) / "argos-translate" / "packages")
    return [place for place in dict.fromkeys(places) if place.is_dir()]


def find_bundled_archives() -> list[Path]:
    """Archives that come with a checkout (`models/`) or an installation, sorted by name."""
    folders = [
        Path(__file__).parents[2] / "models",
        Path(sys.prefix) / "share" / "faktenblatt" / "models",
    ]
    found = [file for folder in folders for file in sorted(folder.glob("*.argosmodel"))]
    return list({file.name: file for file in reversed(found)}.values())[::-1]
