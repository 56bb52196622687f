"""A question read.

In: text from outside, and retrieval's analysis of it. Out: `ask.Ask`, the form that all makers of answers
see: its concepts, kinds of value, operations, what it states, leaves out and wants done. Here belongs what
can be told from the question alone, without a document.
"""
