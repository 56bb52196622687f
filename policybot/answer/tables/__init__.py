"""Answers from tables.

In: a question and what `tables.reading` made of it: tables, columns, rows, conditions. Out: drafts with
cited cells: one cell, extremes, counts, ranks, sums, plans over several tables. Here belongs what is made of
cells; which cells a question means is found in `tables.reading`.
"""
