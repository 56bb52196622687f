"""How sure an answer is.

In: a draft with its features, and the question. Out: what its evidence carries of the whole question, its
score beside drafts of other makers, and one confidence between 0 and 1. Here belongs whatever judges drafts;
the trees and weights are files of ``answer/data``, fitted by ``evals/fit_confidence.py``.
"""
