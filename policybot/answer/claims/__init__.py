"""What a question takes for granted, held against the documents.

In: a question that states an amount, a class or a place ("why is A in class two?"), and what was found for
it. Out: a draft that confirms or corrects the statement with its clause. Here belongs the holding against;
what a question states is read in `policybot.answer.question.claimed`.
"""
