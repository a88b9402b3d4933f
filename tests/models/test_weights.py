"""Weights between two trainings."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra training)")


def test_blended_weights_lie_between_and_new_layers_open_their_gates_in_part():
    from models.training.weights import blend

    first = {"conv.weight": torch.tensor([0.0, 2.0])}
    tuned = {
        "conv.weight": torch.tensor([1.0, 2.0]),
        "mixing.4.gate": torch.tensor([0.5]),
        "mixing.4.up.weight": torch.tensor([3.0]),
        "batches": torch.tensor(7),
    }
    blended = blend(first, tuned, 0.4)
    assert blended["conv.weight"].tolist() == pytest.approx([0.4, 2.0])
    assert blended["mixing.4.gate"].tolist() == pytest.approx([0.2])
    assert blended["mixing.4.up.weight"].tolist() == [3.0]
    assert blended["batches"] == 7
