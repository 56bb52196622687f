"""Python's garbage collection put off while very many objects are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Without garbage collection, which would walk the growing heap again and again.

    Reading the corpus and importing torch and transformers make millions of objects of which none is
    garbage; looking for some costs a quarter of the time. What is garbage is collected afterwards.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def opened_for_good() -> Iterator[None]:
    """For a program of its own, while it opens what it uses to its end: as `collection_paused`, and what
    was made is left out of later collections.

    Not for a library: garbage that a caller's code made before would stay too.
    """
    with collection_paused():
        yield
        gc.freeze()
