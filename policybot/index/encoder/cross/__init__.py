"""The cross-encoder: reads a question and a text together, and judges whether the text answers the question.

``model.py`` runs it, with no torch; ``layers.py`` is the network, ``sources.py`` what it is trained on,
``draws.py`` what it is shown at a time, ``train.py`` trains and writes it, ``card.py`` writes its card.
"""
