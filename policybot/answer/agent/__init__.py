"""The chat model's driver: a LangChain agent over the toolbox whose every sentence is checked.

In: a question and a chat model. Out: the same `Answer` as the planner's. The model proposes sentences;
what is shown of them is what the evidence of its tool calls carries, and when nothing is left or the model
fails, the planner answers. Open `bot.py` first.
"""
