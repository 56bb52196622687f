"""Questions over tables taken apart.

In: the corpus' tables and a question. Out: views of the tables, and which of their rows, columns, groups,
conditions and orders the question means, each with its place in the question. Here belongs understanding;
no answer is made here.
"""
