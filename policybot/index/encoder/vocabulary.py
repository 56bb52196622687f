"""Gives an English model Chinese words: the tokenizer and where the new vectors start.

The teacher's word pieces of Latin script stay as they are. Chinese words of the word lists and all common
characters are added as units of their own, matched longest first, so that 垃圾分类 is two units and not
four. A word starts at the mean of the pieces of its English names, a character without an entry of its own
at the mean of the words that it stands in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policybot.index.encoder.material import WordPair
from policybot.patterns import lazy_pattern
from policybot.text import is_han

LONGEST_WORD = 3  # characters; longer terms are read as several units
_LATIN = lazy_pattern(r"(?:##)?[\x21-\x7e°²³€£–—‘’“”…×·½¼¾±µéüöäñçèáíóúâêô]+")
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# What an English sentence has in the same place.
_MARKS = {
    "，": ",", "。": ".", "？": "?", "！": "!", "、": ",", "：": ":", "；": ";", "（": "(", "）": ")",
    "《": '"', "》": '"', "“": '"', "”": '"',
}  # fmt: skip


@dataclass(frozen=True)
class Units:
    """The student's units: `kept` are the teacher's numbers of those taken over, `words` the added ones."""

    tokenizer: Any
    kept: list[int]
    words: list[str]


def common_characters() -> list[str]:
    """The 3,755 characters of the first level of GB 2312, in its order."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return [text for pair in pairs if len(text := pair.decode("gb2312", "ignore")) == 1]


def make_units(teacher: Path, words: Iterable[str]) -> Units:
    """The student's tokenizer, from the teacher's `tokenizer.json` and Chinese words."""
    from tokenizers import AddedToken, Tokenizer

    plan = json.loads(teacher.read_text("utf-8"))
    numbers: dict[str, int] = plan["model"]["vocab"]
    pieces = [
        piece
        for piece in sorted(numbers, key=numbers.__getitem__)
        if piece in _SPECIAL or (_LATIN.fullmatch(piece) and not piece.startswith("[unused"))
    ]
    order = {piece: number for number, piece in enumerate(pieces)}
    plan["model"]["vocab"] = order
    mark = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    plan["added_tokens"] = [{"id": order[name], "content": name, **mark} for name in _SPECIAL]
    for special in plan["post_processor"]["special_tokens"].values():
        special["ids"] = [order[token] for token in special["tokens"]]
    plan["padding"] = plan["truncation"] = None
    tokenizer = Tokenizer.from_str(json.dumps(plan))
    added = list(dict.fromkeys([*common_characters(), *filter(_is_unit, words), *_MARKS]))
    tokenizer.add_tokens([AddedToken(word, normalized=False) for word in added])
    return Units(tokenizer, [numbers[piece] for piece in pieces], added)


def starting_vectors(units: Units, pairs: Sequence[WordPair], pieces: Any, tokenizer: Any) -> Any:
    """A vector for each unit, tensor of shape (units, d).

    Args:
        pieces: the teacher's word piece vectors.
        tokenizer: the teacher's.
    """
    import torch

    def said(english: str) -> Any:
        return pieces[tokenizer.encode(english, add_special_tokens=False).ids].mean(0)

    named: dict[str, list[Any]] = {mark: [said(english)] for mark, english in _MARKS.items()}
    for pair in pairs:
        vector = torch.stack([said(english) for english in pair.english[:2]]).mean(0)
        for word in pair.chinese:
            named.setdefault(word, []).append(vector)
    known = {word: torch.stack(vectors).mean(0) for word, vectors in named.items()}
    holding: dict[str, list[tuple[Any, float]]] = {}
    for word, vector in known.items():
        for one in filter(is_han, word):
            holding.setdefault(one, []).append((vector, 1 / len(word)))
    kept = pieces[units.kept]
    middle = kept.mean(0)

    def character(one: str) -> Any:
        if one in known:
            return known[one]
        found = holding.get(one)
        return sum(v * w for v, w in found) / sum(w for _, w in found) if found else middle

    new = [known[w] if w in known else torch.stack([character(c) for c in w]).mean(0) for w in units.words]
    return torch.cat([kept, torch.stack(new)])


def _is_unit(word: str) -> bool:
    return 2 <= len(word) <= LONGEST_WORD and re.fullmatch(r"[一-鿿]+", word) is not None
