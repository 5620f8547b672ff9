"""The imports of the house: cli -> chains -> stages -> support -> ground, never back."""

from __future__ import annotations

import ast
from pathlib import Path

PIPELINE = Path(__file__).parent.parent / "pipeline"

LAYERS = (
    {"schemas", "config", "errors"},
    {"language", "embedding", "distillation", "store"},
    {"articles", "segments", "translation", "units", "stories", "pairs"}
    | {"clusters", "facts", "sheet"},
    {"run", "dedup", "explain", "packages"},
    {"cli", "__main__", "__init__"},
)
LAYER_OF = {room: number for number, layer in enumerate(LAYERS) for room in layer}
STAGES = LAYERS[2]


def imports_of(file: Path) -> set[str]:
    """Rooms of `pipeline` that the file imports."""
    rooms: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            if node.module == "pipeline":
                rooms |= {alias.name for alias in node.names if alias.name in LAYER_OF}
            elif node.module.startswith("pipeline."):
                rooms.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            rooms |= {a.name.split(".")[1] for a in node.names if a.name.startswith("pipeline.")}
    return rooms


def test_every_room_stands_in_a_layer() -> None:
    rooms = {
        p.stem for p in PIPELINE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert rooms - set(LAYER_OF) == set()


def test_imports_point_down_only() -> None:
    wrong = []
    for file in sorted(PIPELINE.rglob("*.py")):
        room = file.relative_to(PIPELINE).parts[0].removesuffix(".py")
        for imported in imports_of(file):
            down = LAYER_OF[imported] < LAYER_OF[room]
            same_layer = LAYER_OF[imported] == LAYER_OF[room] and room not in STAGES
            if not (imported == room or down or same_layer):
                wrong.append(f"{file.relative_to(PIPELINE)} imports {imported}")
    assert wrong == []
