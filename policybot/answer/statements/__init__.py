"""Answers that are one sentence or one value of the text.

In: a question and its ranked sentences. Out: a draft with the sentence, a verdict on yes or no, who does it,
a definition, a named clause, or the value asked for. Here belongs what words a found sentence; finding and
weighing sentences and values is done in `policybot.answer.evidence`.
"""
