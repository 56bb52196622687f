"""Index systems as data, and the deterministic engine that scores them.

In: tables of values with the anchor of every cell, and an index system (structure, direction, weights).
Out: scores, ranks, intervals, explanations and certificates. Nothing here is ever presented as a
published figure. Open `systems.py` (what an index is), then `engine.py` (scores and ranks).
"""
