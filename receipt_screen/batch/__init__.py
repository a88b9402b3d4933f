"""Many photos: read in parallel, judged and remembered in order of arrival, resumable."""

from __future__ import annotations

from receipt_screen.batch.run import BatchSettings, Step, registry_of, run_batch
from receipt_screen.batch.summary import Summary, summary_text

__all__ = ["BatchSettings", "Step", "Summary", "registry_of", "run_batch", "summary_text"]
