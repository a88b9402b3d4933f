"""Debian's Chromium, and how it is started: quietly, without looking for a network."""

from __future__ import annotations

import shutil

CHROMIUM = shutil.which("chromium")
"""Its path; None where it isn't installed."""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
