"""sentence-transformers in a process of its own, so that its imports take place beside other work.

Importing it takes seconds in which Python runs nothing else; a second process uses a second core, and
this one is left without torch's memory. Comes in: texts. Goes out: their vectors, the same as
`StaticEmbedder` gives. Run as a module it is that process: texts as JSON on standard input, vectors as
raw float32 on standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from policybot.collecting import collection_paused
from policybot.index.embedder import StaticEmbedder
from policybot.index.twin import StaticModel, load_static

Vectors = NDArray[np.float32]
BATCH = 512  # texts encoded and handed over at a time


class Beside:
    """Texts on their way through a second process, to be closed in the end."""

    def __init__(self, static: StaticModel, folder: Path, texts: Sequence[str]) -> None:
        self._shape = (len(texts), static.dimension)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "policybot.index.beside", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
        )  # fmt: skip
        self._sender = threading.Thread(target=self._send, args=(static, texts), daemon=True)
        self._sender.start()

    @staticmethod
    def possible() -> bool:
        """True when sentence-transformers is there and Python can be started again."""
        return bool(sys.executable) and find_spec("sentence_transformers") is not None

    def batches(self) -> Iterator[Vectors]:
        """The vectors, `BATCH` texts at a time, as they are made.

        Raises:
            ChildProcessError: the process cannot do it or was ended.
        """
        assert self._process.stdout is not None
        count, dimension = self._shape
        for start in range(0, count, BATCH):
            size = min(BATCH, count - start) * dimension * 4
            data = self._process.stdout.read(size)
            if len(data) != size:
                raise ChildProcessError(f"the encoding process gave {len(data)} of {size} bytes")
            yield np.frombuffer(data, np.float32).reshape(-1, dimension)

    def _send(self, static: StaticModel, texts: Sequence[str]) -> None:
        assert self._process.stdin is not None
        split = [static.vocabulary.split(text) for text in texts]
        try:
            with self._process.stdin as stream:
                stream.write(json.dumps(split).encode())
        except OSError:
            pass  # the process has ended: whoever reads its vectors finds out

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()  # it has nothing to put in order
        self._process.wait()
        self._sender.join()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _environment() -> dict[str, str]:
    """This process's environment, with the modules it would import itself."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}


def serve(folder: Path, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    """Encode the split texts of a JSON list and write their vectors."""
    texts: list[str] = []
    reader = threading.Thread(target=lambda: texts.extend(json.load(incoming)))
    reader.start()  # at once, so that the sender need not wait for the imports
    with collection_paused():
        embedder = StaticEmbedder(load_static(folder))
        reader.join()
        for start in range(0, len(texts), BATCH):
            outgoing.write(embedder.encode_split(texts[start : start + BATCH]).tobytes())
            outgoing.flush()


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "wb") as vectors:
        os.dup2(2, 1)  # what a library may print is no vector
        serve(Path(sys.argv[1]), sys.stdin.buffer, vectors)
