"""The house stands as docs/architecture.md draws it: imports go down only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "receipt_screen"
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


@cache
def layers() -> dict[str, int]:
    """The layer of each room, from the table in docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", text, flags=re.MULTILINE)
    return {room: int(layer) for layer, rooms in rows for room in re.findall(r"`(\w+)`", rooms)}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield str(node.module)


def own_imports(path: Path) -> set[str]:
    names = (name.split(".") for name in imports(path))
    return {name[1] for name in names if name[0] == "receipt_screen" and len(name) > 1}


def identify(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    own = room_of(path)
    others = own_imports(path) - {own}

    assert {room for room in others if layers()[room] >= layers()[own]} == set()


def test_every_room_of_the_table_is_there() -> None:
    assert set(layers()) == {room_of(path) for path in MODULES}


@pytest.mark.parametrize(
    "path", [path for path in MODULES if identify(path) != "cli/output.py"], ids=identify
)
def test_only_the_command_line_prints_and_exits(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    attributes = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert not calls & {"print", "exit", "quit", "typer.echo"}
    assert not names & ({"SystemExit"} - _caught(tree))
    assert not attributes & {"sys.exit", "os._exit", "sys.stdout", "sys.stderr"}


def _caught(tree: ast.AST) -> set[str]:
    """Names that only stand in `except` clauses: SystemExit is a trap of pytesseract's."""
    handlers = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return {
        name.id
        for handler in handlers
        if handler is not None
        for name in ast.walk(handler)
        if isinstance(name, ast.Name)
    }


@pytest.mark.parametrize(
    ("outside", "modules"),
    [
        ("pytesseract", {"reading/tesseract.py"}),
        ("pickle", set()),
        ("requests", set()),
        ("urllib", set()),
        ("socket", set()),
        ("typer", {identify(path) for path in MODULES if room_of(path) == "cli"}),
    ],
)
def test_what_is_outside_is_known_in_one_place(outside: str, modules: set[str]) -> None:
    users = {
        identify(path)
        for path in MODULES
        if outside in {name.partition(".")[0] for name in imports(path)}
    }

    assert users <= modules


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_no_module_is_a_drawer_for_everything(path: Path) -> None:
    assert not re.search(r"util|helper|common|manager|misc", path.stem)
