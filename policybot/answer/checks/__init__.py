"""The citation check: nothing is shown that the named lines of the sources do not carry.

In: an answer, whoever made it, and the corpus. Out: what is wrong with it (`check.check_answer`), or the
answer without that (`enforce`). Here belongs every rule on what an answer may show; no maker of answers is
known here.
"""
