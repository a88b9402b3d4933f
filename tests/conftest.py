"""What tests of several rooms need."""

from __future__ import annotations

import pytest


@pytest.fixture
def fonts() -> None:
    """Skips, naming them, where fonts of the renderer are missing."""
    from samples.render.fonts import FontsMissingError, require_fonts

    try:
        require_fonts()
    except FontsMissingError as error:
        pytest.skip(str(error))
