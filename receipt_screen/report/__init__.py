"""What a screening shows to people: drawings, redacted pictures, and the report."""

from __future__ import annotations
