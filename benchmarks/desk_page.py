"""How soon the page of a submission is there, on a desk of 10,000.

    python -m benchmarks.desk_page
    python -m benchmarks.desk_page --quick           500 submissions

The submissions are those of a batch over the samples, repeated under other numbers. What is
timed is the server's answer, in this process: a claim, the page, a decision.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.desks import FEW, multiply, screen_samples
from benchmarks.script import finish, heading, parser
from benchmarks.tables import Table
from receipt_screen import open_registry
from receipt_screen.desk.store import Desk
from receipt_screen.registry import Registry

COUNT, QUICK = 10_000, 500
HOST = "127.0.0.1:8631"
DECISIONS = 100
ASKED = {"page of a submission": "≤ 150"}


def measure(desk: Desk, registry: Registry) -> dict[str, list[float]]:
    """Milliseconds of each kind of answer."""
    from starlette.testclient import TestClient  # noqa: PLC0415 - may not be installed

    from receipt_screen.review.app import make_app  # noqa: PLC0415
    from receipt_screen.review.room import open_room  # noqa: PLC0415
    from receipt_screen.review.sessions import invite  # noqa: PLC0415

    app = make_app(open_room(desk, registry, "ko"), frozenset({HOST}))
    took: dict[str, list[float]] = {"page of a submission": [], "decision and next claim": []}
    with TestClient(app, base_url=f"http://{HOST}", follow_redirects=False) as client:
        client.headers["origin"] = f"http://{HOST}"
        client.post("/enter", data={"token": invite(desk), "reviewer": "benchmark"})
        csrf = _found("csrf", client.get("/").text)
        address = client.post("/next", data={"csrf": csrf}).headers["location"]
        for _ in range(DECISIONS):
            start = time.perf_counter()
            page = client.get(address).text
            took["page of a submission"].append((time.perf_counter() - start) * 1e3)
            form = {"csrf": csrf, "seen": _found("seen", page), "decision": "approved"}
            start = time.perf_counter()
            answer = client.post(f"{address}/decide", data=form)
            # Shown without the machine's view, a doubtful one comes back once with its reasons.
            address = answer.headers["location"].partition("?")[0]
            took["decision and next claim"].append((time.perf_counter() - start) * 1e3)
    return took


def _found(name: str, text: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    if found is None:
        raise RuntimeError(f"the page has no {name}")
    return found[1]


def desk_of(count: int) -> dict[str, list[float]]:
    """The same on a desk of so many submissions."""
    with tempfile.TemporaryDirectory() as folder:
        out, target = Path(folder) / "out", Path(folder) / "large"
        target.mkdir()
        screen_samples(out, FEW)
        with (
            multiply(out, count, target) as desk,
            open_registry(f"sqlite:///{out / 'registry.db'}") as registry,
        ):
            return measure(desk, registry)


def summed(took: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    """Median and 95th percentile."""
    return {
        name: {
            "median": round(statistics.median(values), 1),
            "p95": round(statistics.quantiles(values, n=20)[-1], 1),
        }
        for name, values in took.items()
    }


def tables(data: Mapping[str, Any]) -> list[Table]:
    """What was measured, and what was asked for."""
    columns = (f"{data['submissions']:,} submissions", "median, ms", "95th percentile, ms", "asked")
    rows = [
        (name, str(each["median"]), str(each["p95"]), ASKED.get(name, "–"))
        for name, each in data["milliseconds"].items()
    ]
    return [Table("The reviewers' desk", columns, tuple(rows))] if rows else []


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table and writes the figures."""
    options = parser(__doc__).parse_args(arguments)
    count = QUICK if options.quick else COUNT
    absent = [name for name in ("starlette", "httpx") if find_spec(name) is None]
    missing = dict.fromkeys(absent, "not installed: pip install -e '.[dev]'")
    figures = {} if missing else summed(desk_of(count))
    data = {**heading(options, ()), "missing": missing, "submissions": count}
    finish(
        "desk_page",
        {**data, "milliseconds": figures},
        tables({**data, "milliseconds": figures}),
        None,
        options,
    )


if __name__ == "__main__":
    main()
