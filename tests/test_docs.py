"""The docs say what is there, all of it, and their examples give what they show."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from test_contract_json import FACTS, FINDINGS, RECEIVED, SCREENING

import receipt_screen.errors
from receipt_screen.batch.folder import OutFolder
from receipt_screen.cli import app
from receipt_screen.contract_json import failed_json, failed_screening_json, screening_json
from receipt_screen.errors import ReceiptScreenError
from receipt_screen.reading import ENGINES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "receipt_screen"
COMMAND = [sys.executable, "-c", "from receipt_screen.cli import main; main()"]


def doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))


# ── nothing is left out ──────────────────────────────────────────────────────────────────────


def options() -> Iterator[tuple[str, str]]:
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    flat = [
        (name, each)
        for name, command in commands.items()
        for each in (command, *getattr(command, "commands", {}).values())
    ]
    for name, command in flat:
        for parameter in command.params:
            yield from ((name, option) for option in parameter.opts if option.startswith("--"))


def sections(text: str) -> dict[str, str]:
    """The sections of the quickstart by the command that their heading names."""
    parts = re.split(r"^## `receipt-screen (\S+?)`.*$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_explained_under_its_command(command: str, option: str) -> None:
    assert f"`{option}`" in sections(doc("quickstart.md"))[command]


def test_every_option_that_is_explained_is_there() -> None:
    known = {option for _, option in options()} | {"--version", "--help"}

    assert set(re.findall(r"`(--[a-z]+)`", doc("quickstart.md"))) <= known


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_is_named(engine: str) -> None:
    assert f"`{engine}`" in doc("quickstart.md")


def test_every_file_that_a_batch_writes_is_named() -> None:
    out = OutFolder(Path())

    for path in (out.results, out.table, out.summary, out.identity, out.report):
        assert f"`{path.name}`" in doc("quickstart.md")


def test_every_environment_variable_is_named() -> None:
    variables = set(re.findall(r'"(RECEIPT_SCREEN_\w+)"', code()))

    assert variables
    assert variables == set(re.findall(r"`(RECEIPT_SCREEN_\w+)`", doc("quickstart.md")))


def modules() -> Iterator[ast.Module]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def raised(module: ast.Module) -> Iterator[ast.expr]:
    """The key that each error of ours is made with, as the code writes it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            made = getattr(receipt_screen.errors, node.func.id, None)
            if isinstance(made, type) and issubclass(made, ReceiptScreenError):
                yield node.args[0]


def tables(module: ast.Module) -> dict[str, set[str]]:
    """The values of the module's tables, by the tables' names."""
    found: dict[str, set[str]] = {}
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        table = getattr(node, "value", None)
        if isinstance(table, ast.Dict) and isinstance(targets[0], ast.Name):
            values = (value for value in table.values if isinstance(value, ast.Constant))
            found[targets[0].id] = {str(value.value) for value in values}
    return found


def keys_of(key: ast.expr, known: dict[str, set[str]]) -> set[str]:
    """What a key may be: itself, or any value of the table that it is looked up in."""
    if isinstance(key, ast.Constant):
        return {str(key.value)}
    if isinstance(key, ast.Subscript) and isinstance(key.value, ast.Name):
        return known[key.value.id]
    assert isinstance(key, ast.Name), ast.unparse(key)
    assert key.id == "sentence", "only the campaign file's errors come from elsewhere"
    return set()


def error_keys() -> set[str]:
    keys: set[str] = set()
    for module in modules():
        known = tables(module)
        keys = keys.union(*(keys_of(key, known) for key in raised(module)))
    campaign = (PACKAGE / "sentences" / "campaign.toml").read_text(encoding="utf-8")
    return keys | {f"campaign.{name}" for name in tomllib.loads(campaign)}


def sentence_in_english(key: str) -> str:
    subject, _, name = key.partition(".")
    texts = tomllib.loads((PACKAGE / "sentences" / f"{subject}.toml").read_text(encoding="utf-8"))
    return str(texts[name]["en"])


def test_every_error_is_listed_with_what_it_says() -> None:
    listed = dict(re.findall(r"^\| `(\w+\.\w+)` \| (.+) \|$", doc("errors.md"), re.MULTILINE))

    assert listed == {key: sentence_in_english(key) for key in error_keys()}


def names(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(names, value))
    return set()


def test_every_name_of_the_json_is_explained() -> None:
    failed = failed_screening_json(
        failed_json("a.jpg", "…"), FACTS, submission=None, received=RECEIVED, submitter=None
    )
    screened = screening_json(SCREENING)
    free = set(FINDINGS.seconds) | set(SCREENING.versions)

    for name in names([failed, screened]) - free:
        assert f"`{name}`" in doc("json.md"), name


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"


# ── the examples of the README give what they show ───────────────────────────────────────────


def blocks(language: str) -> list[tuple[str, str]]:
    """The README's code blocks of a language, each with the block of text right after it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pattern = rf"^```{language}\n(.*?)^```\n+(?:```text\n(.*?)^```)?"
    return re.findall(pattern, text, flags=re.MULTILINE | re.DOTALL)


def run(command: list[str], folder: Path) -> str:
    (folder / "samples").symlink_to(ROOT / "samples", target_is_directory=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return tidy(done.stdout)


def tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def as_shown(expected: str) -> str:
    """What the README shows as a pattern; `…` stands for anything, one confidence for another."""
    pattern = re.escape(tidy(expected)).replace("…", ".*?")
    return re.sub(r"[\d\\.]+%", r"[\\d.]+%", pattern)


@pytest.mark.slow
def test_the_commands_of_the_readme_print_what_it_shows(tmp_path: Path) -> None:
    ((shown, _),) = blocks("console")
    first, _, expected = shown.partition("\n")
    program, *arguments = shlex.split(first.removeprefix("$ "))

    assert program == "receipt-screen"
    assert re.fullmatch(as_shown(expected), run([*COMMAND, *arguments], tmp_path), re.DOTALL)


@pytest.mark.slow
def test_the_python_of_the_readme_prints_what_it_shows(tmp_path: Path) -> None:
    ((program, expected),) = blocks("python")

    assert re.fullmatch(as_shown(expected), run([sys.executable, "-c", program], tmp_path))
