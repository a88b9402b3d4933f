"""The reviewers' pages: a local web application over one desk and the registry."""

from __future__ import annotations
