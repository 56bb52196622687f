"""policybot answers questions about China's carbon-peaking policy documents, citing the exact clause.

The folders are the stages of one flow: `corpus` (documents to clauses), `facts` (quantities, places,
glossary), `index` (vectors and postings), `retrieve` (question to ranked clauses), `tools` (typed
functions), `answer` (question to cited answer; start with `policybot.answer.bot.PolicyBot`),
`evaluation` and `cli`. Each imports only what stands before it.
"""

__version__ = "0.1.0"
