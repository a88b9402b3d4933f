"""How soon the page of a submission is there, on a desk of 10,000.

    python -m benchmarks.desk_page
    python -m benchmarks.desk_page --count 1000

The submissions are those of a batch over the samples, repeated under other numbers. What is
timed is the server's answer, in this process: a claim, the page, a decision.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from starlette.testclient import TestClient

from benchmarks.report_opening import multiply
from benchmarks.screenshots import screen_samples
from receipt_screen import open_registry
from receipt_screen.desk.store import Desk
from receipt_screen.registry import Registry
from receipt_screen.review.app import make_app
from receipt_screen.review.room import open_room
from receipt_screen.review.sessions import invite

RESULTS = Path(__file__).parent / "results" / "desk_page.json"
HOST = "127.0.0.1:8631"
DECISIONS = 100


def measure(desk: Desk, registry: Registry) -> dict[str, list[float]]:
    """Milliseconds of each kind of answer."""
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
            address = client.post(f"{address}/decide", data=form).headers["location"]
            took["decision and next claim"].append((time.perf_counter() - start) * 1e3)
    return took


def _found(name: str, text: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    if found is None:
        raise RuntimeError(f"the page has no {name}")
    return found[1]


def main() -> None:
    """Prints the table and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="submissions (default 10000)")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        out, target = Path(folder) / "out", Path(folder) / "large"
        target.mkdir()
        screen_samples(out)
        with (
            multiply(out, count, target) as desk,
            open_registry(f"sqlite:///{out / 'registry.db'}") as registry,
        ):
            took = measure(desk, registry)
    table = Table("desk", "median, ms", "95th percentile, ms")
    figures = {"submissions": count, "decisions": DECISIONS, "milliseconds": {}}
    for name, values in took.items():
        middle, high = statistics.median(values), statistics.quantiles(values, n=20)[-1]
        figures["milliseconds"][name] = {"median": round(middle, 1), "p95": round(high, 1)}
        table.add_row(name, f"{middle:.1f}", f"{high:.1f}")
    Console().print(table)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
