"""Questions that hold more than one question.

In: a question that asks two things, or describes a thing ("the city with the dirtiest air") and asks about
it. Out: the single questions to ask one after another, and one answer put together from theirs. Here belongs
what cuts questions up and joins answers; each single question is answered by the planner.
"""
