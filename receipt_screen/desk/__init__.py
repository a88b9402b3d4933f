"""What reviewers work on and what they decide: one SQLite file beside a batch's results.

It holds text of receipts in the clear, which the registry must not, and can be purged apart
from it. Decisions, edits and all that was looked at are appended, never changed.
"""

from __future__ import annotations
