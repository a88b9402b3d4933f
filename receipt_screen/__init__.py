"""Reads photos of Korean receipts and screens them for a prepayment campaign.

This is the front door: what isn't in `__all__` may move between releases. Names are imported
when they are first used, so that `import receipt_screen` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from receipt_screen.batch import BatchSettings, run_batch
    from receipt_screen.campaign import Campaign
    from receipt_screen.contract_json import findings_json, screening_json
    from receipt_screen.errors import (
        CampaignError,
        PhotoError,
        ReceiptScreenError,
        RegistryError,
        SetupError,
    )
    from receipt_screen.photo import open_photos
    from receipt_screen.reading import open_reader
    from receipt_screen.records import Findings, Screening, Verdict
    from receipt_screen.registry import open_registry
    from receipt_screen.screener import Screener, examine

__version__ = "0.1.0"

__all__ = [
    "BatchSettings",
    "Campaign",
    "CampaignError",
    "Findings",
    "PhotoError",
    "ReceiptScreenError",
    "RegistryError",
    "Screener",
    "Screening",
    "SetupError",
    "Verdict",
    "examine",
    "findings_json",
    "open_photos",
    "open_reader",
    "open_registry",
    "run_batch",
    "screening_json",
]

_ROOMS = {
    "BatchSettings": "batch",
    "Campaign": "campaign",
    "CampaignError": "errors",
    "Findings": "records",
    "PhotoError": "errors",
    "ReceiptScreenError": "errors",
    "RegistryError": "errors",
    "Screener": "screener",
    "Screening": "records",
    "SetupError": "errors",
    "Verdict": "records",
    "examine": "screener",
    "findings_json": "contract_json",
    "open_photos": "photo",
    "open_reader": "reading",
    "open_registry": "registry",
    "run_batch": "batch",
    "screening_json": "contract_json",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
