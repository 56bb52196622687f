"""The form in which a chat model hands in an annotation; imports pydantic, so only `writer` imports it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from policybot.corpus.model import Annotation


class AskedTwice(BaseModel):
    """A question in both languages."""

    zh: str = Field(description="The question in Chinese.")
    en: str = Field(description="The same question in English.")


class ClauseNote(BaseModel):
    """A search note for one clause."""

    title_zh: str = Field(description="What the clause is about, in Chinese, a few words.", min_length=1)
    title_en: str = Field(description="The same in English.", min_length=1)
    gist_en: str = Field(description="What the clause says, in English, complete.", min_length=1)
    tags: list[str] = Field(description="One to four of the tags given.")
    questions_zh: list[str] = Field(description="Questions in Chinese that the clause answers.")
    questions_en: list[str] = Field(description="Questions in English that the clause answers.")
    pairs: list[AskedTwice] = Field(
        description="Further everyday questions, each in both languages.", default_factory=list
    )

    def annotation(self, clause: str) -> Annotation:
        """The same as an annotation of a clause; texts trimmed, repeated entries once."""

        def one_line(text: str) -> str:
            return " ".join(text.split())

        def distinct(texts: list[str]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(t for t in map(one_line, texts) if t))

        return Annotation(
            clause,
            one_line(self.title_zh),
            one_line(self.title_en),
            one_line(self.gist_en),
            distinct(self.tags),
            distinct(self.questions_zh),
            distinct(self.questions_en),
            tuple(
                dict.fromkeys(
                    (one_line(p.zh), one_line(p.en)) for p in self.pairs if p.zh.strip() and p.en.strip()
                )
            ),
        )
