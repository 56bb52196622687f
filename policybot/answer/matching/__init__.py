"""How much of a question a text carries.

In: concepts of a question and normalised text. Out: shares between 0 and 1, weighed by how rare words are in
the corpus. Here belong comparison and normalisation of words; nothing here knows of answers.
"""
