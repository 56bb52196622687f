"""How an answer came about.

In: marks that makers and the check set while they work. Out: stages with their times, and a log of the last
answers in the home folder. Here belongs what watches; nothing here changes an answer.
"""
