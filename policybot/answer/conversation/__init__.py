"""Turns of a conversation.

In: a turn, the questions and the answer before it. Out: the question that the turn stands for, or a move on
the answer before ("show me the clause", "no, I meant 2060"). Here belongs whatever reads a turn by what
went before; a question that stands alone never comes here.
"""
