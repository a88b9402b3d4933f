"""The wheel as a user gets it: built, installed away from the checkout, and run as a command."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent
CAMPAIGN = ROOT / "samples" / "campaigns" / "jeonbuk-2025.toml"

pytestmark = [
    pytest.mark.slow,
    # Building and installing is dear: with several processes, one does it for all.
    pytest.mark.xdist_group("installed_command"),
]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel that was built from it, without network."""
    pytest.importorskip("build")
    folder = tmp_path_factory.mktemp("dist")
    done = run(
        sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command, in an environment that has this one's packages but not this checkout.

    The packages come by a `.pth` file rather than from an index, so the test needs no network.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = run(
        *(sys.executable, "-m", "pip", "--python", python, "install"),
        *("--quiet", "--no-deps", "--no-index", "--no-compile", wheel),
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    packages = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    )
    ours = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (Path(packages.stdout.strip()) / "tested_with.pth").write_text("\n".join(ours) + "\n")
    return python.with_name("receipt-screen")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A receipt in Latin letters and digits, the same again, and a file that is none."""
    folder = tmp_path_factory.mktemp("photos")
    image = np.full((700, 520, 3), 250, np.uint8)
    for row, text in enumerate(("SHOP", "2025-01-20 10:12:33", "TOTAL 100,000", "THANK YOU")):
        place = (30, 120 + 130 * row)
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 3)
    data = cv2.imencode(".png", image)[1].tobytes()
    for name in ("영수증.png", "copy.png"):
        (folder / name).write_bytes(data)
    (folder / "broken.jpg").write_bytes(b"no photo")
    return folder


def test_the_wheel_carries_models_sentences_and_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        manifest = tomllib.loads(archive.read("receipt_screen/models/manifest.toml").decode())
        carried = {name: entry for name, entry in manifest.items() if "wheel" not in entry}
        assert carried
        for entry in carried.values():
            data = archive.read(f"receipt_screen/models/{entry['file']}")
            assert hashlib.sha256(data).hexdigest() == entry["sha256"]
            assert f"receipt_screen/models/{entry['card']}" in names

    assert {"receipt_screen/py.typed", "receipt_screen/sentences/photo.toml"} <= names
    assert not [name for name in names if name.startswith(("tests/", "samples/", "benchmarks/"))]


def test_it_runs_from_where_it_was_installed(command: Path, tmp_path: Path) -> None:
    python = command.with_name("python")

    done = run(python, "-c", "import receipt_screen; print(receipt_screen.__file__)", cwd=tmp_path)

    assert str(command.parent.parent.resolve()) in str(Path(done.stdout.strip()).resolve())


def test_the_doctor_finds_everything_the_default_engine_needs(
    command: Path, tmp_path: Path
) -> None:
    done = run(command, "doctor", "--json", cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["ready"] is True


def test_read_and_screen_say_what_the_receipt_says(
    command: Path, photos: Path, tmp_path: Path
) -> None:
    read = run(command, "read", photos / "영수증.png", "--json", cwd=tmp_path)
    screened = run(
        *(command, "screen", photos / "영수증.png", "--campaign", CAMPAIGN, "--json"), cwd=tmp_path
    )

    assert (read.returncode, screened.returncode) == (0, 0), read.stderr + screened.stderr
    assert any("100,000" in line["text"] for line in json.loads(read.stdout)["lines"])
    assert json.loads(screened.stdout)["campaign"]["name"] == "전북 착한 선결제 캠페인 2025"


def test_batch_screens_the_folder(command: Path, photos: Path, tmp_path: Path) -> None:
    done = run(
        *(command, "batch", photos, "--campaign", CAMPAIGN, "--out", "out", "--workers", "2"),
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    results = (tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = [json.loads(line) for line in results.splitlines()]
    assert [line["file"] for line in lines] == ["broken.jpg", "copy.png", "영수증.png"]
    assert [line["outcome"] for line in lines] == ["failed", "read", "read"]
    assert [match["submission"] for match in lines[2]["matches"]] == ["copy.png"]
