"""Where and with what figures were measured."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

OURS = ("receipt-screen", "onnxruntime", "opencv-python-headless", "numpy", "pillow")


def machine(packages: Iterable[str] = ()) -> dict[str, str]:
    """The machine, and the versions of our own packages and of those named."""
    return {
        "date": dt.date.today().isoformat(),
        "processor": _processor(),
        "cores": str(len(cores())),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        # Timings are worth something where this is near 0: nothing else was running.
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        **{name: installed for name in (*OURS, *packages) if (installed := _version(name))},
    }


def cores() -> list[int]:
    """The numbers of the cores this process may run on."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [
        *range(os.cpu_count() or 1)
    ]  # fmt: skip


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.is_file() else ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, flags=re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
