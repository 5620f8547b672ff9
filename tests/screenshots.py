"""Pictures of a sheet at three widths, light and dark, and the README's picture.

    python -m tests.screenshots [SHEET] [--out FOLDER] [--readme FILE]

SHEET is a factsheet.html (default: outputs/factsheet.html, what `make run` writes).
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "wide": (1440, 1000)}
README_SIZE = (1280, 1060)
README_PICTURE = ROOT / "tests" / "data" / "factsheet.png"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip


def main() -> int:
    """Writes the pictures; 1 when there is no Chromium or no sheet."""
    parser = argparse.ArgumentParser(description="Pictures of a fact sheet.")
    parser.add_argument("sheet", nargs="?", type=Path, default=ROOT / "outputs" / "factsheet.html")
    parser.add_argument("--out", type=Path, default=ROOT / "outputs" / "pictures")
    parser.add_argument("--readme", type=Path, default=README_PICTURE)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("no Chromium on this machine; apt-get install chromium", file=sys.stderr)
        return 1
    if not options.sheet.exists():
        print(f"{options.sheet}: not there; run make run first", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        for name, size in WIDTHS.items():
            for scheme in ("light", "dark"):
                picture = options.out / f"factsheet-{name}-{scheme}.png"
                take_picture(browser, options.sheet, picture, size=size, scheme=scheme)
        take_picture(browser, options.sheet, options.readme, size=README_SIZE)
        browser.close()
    return 0


def take_picture(
    browser: Any, sheet: Path, picture: Path, *, size: tuple[int, int], scheme: str = "light"
) -> None:
    """The top of the sheet as PNG, what fits the window."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(sheet.resolve().as_uri())
    picture.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(picture))
    context.close()
    print(picture)


if __name__ == "__main__":
    sys.exit(main())
