"""How likely a text answers a question, judged by reading both together.

Vectors of a question and of a text are made apart from each other and tell what either is about. The
cross-encoder reads the units of both at once, from their states after `JOINED` layers of the sentence encoder
on, and so tells a limit for lorries from one for buses, or what is asked from what stands beside it. It takes
milliseconds a text, so that it judges only the few that search has put first.

``cross.ort`` (onnxruntime; inputs ``question`` and ``text``, (n, 384) float32, and ``alike``, (1,); output
``said``) and its training record ``cross.json`` lie beside the encoder whose states it reads (`policybot
train --part cross-encoder`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policybot.errors import ModelError
from policybot.index.encoder.model import read_config

FILE, RECORD = "cross.ort", "cross.json"
States = NDArray[np.float32]
Read = tuple[NDArray[np.float32], States]  # see `SentenceEncoder.read`


class CrossEncoder:
    """Judges texts by their states and a question's. Safe to share between threads."""

    def __init__(self, session: Any) -> None:
        self._session = session

    @classmethod
    def beside(cls, encoder: Path) -> CrossEncoder | None:
        """The cross-encoder in an encoder's folder; None where there is none that can be used."""
        try:
            record = json.loads((encoder / RECORD).read_text("utf-8"))
            if record["encoder"] != read_config(encoder)["fingerprint"]:
                return None  # it reads the states of another encoder
        except (OSError, ValueError, KeyError, TypeError, ModelError):
            return None  # answers are chosen without it, if less well
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(
                str(encoder / FILE), options, providers=["CPUExecutionProvider"]
            )
        except Exception:  # the library raises bare exceptions for a damaged file
            return None
        return cls(session)

    def judge(self, question: Read, text: Read) -> float:
        """Log-odds that a text answers a question, by what the encoder read of either."""
        # Not `@`: a threaded BLAS waits tens of milliseconds on a busy machine.
        alike = np.array([np.einsum("i,i->", question[0], text[0])], np.float32)
        (said,) = self._session.run(None, {"question": question[1], "text": text[1], "alike": alike})
        return float(said)
