"""Dates, periods and lengths of time.

In: a question that asks how long, how old, or from when to when. Out: a draft with a length of time and the
cited dates or periods it was computed from. Here belongs all reckoning with dates.
"""
