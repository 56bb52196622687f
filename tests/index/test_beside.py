"""Encoding in a second process: the same vectors, and an end of it that whoever waits hears of."""

from __future__ import annotations

import numpy as np
import pytest

from policybot.index.beside import BATCH, Beside
from policybot.index.twin import SHIPPED, load_static


def test_the_second_process_gives_the_models_vectors_in_order() -> None:
    static = load_static(SHIPPED)
    texts = [f"第{n}条 屋顶光伏覆盖率 rooftop PV {n}%" for n in range(BATCH + 3)]
    beside = Beside(static, SHIPPED, texts)
    try:
        parts = list(beside.batches())
    finally:
        beside.close()
    assert [len(part) for part in parts] == [BATCH, 3]
    assert np.allclose(np.concatenate(parts), static.encode_many(texts), atol=1e-5)


def test_a_process_that_cannot_do_it_is_noticed() -> None:
    beside = Beside(load_static(SHIPPED), SHIPPED / "missing", ["光伏"])
    try:
        with pytest.raises(ChildProcessError):
            list(beside.batches())
    finally:
        beside.close()
