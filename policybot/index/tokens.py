"""The one tokeniser, shared by the lexical index and the static embedding.

Tokens of a folded text, in reading order:

- each Han character, and each pair of neighbouring Han characters of one run (a run ends at
  punctuation, white space, a digit or a letter);
- numbers whole, thousands separators dropped: ``10,965,708`` → ``10965708``, ``2030``, ``1.2``;
  a percentage is one token however it is written: ``50%``, ``50 percent``, ``百分之50`` → ``50%``;
- a year in Chinese digits also as a number: ``二〇三〇年`` → ``2030``;
- words of other scripts, digits that follow letters included (``pm2.5``, ``co2``), the English
  plural taken off.
"""

from __future__ import annotations

from collections import Counter

from policybot.patterns import lazy_pattern
from policybot.text import fold

HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = lazy_pattern(
    rf"(?P<han>[{HAN}]+)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d)|\d+(?:\.\d+)*)(?P<percent>\s?(?:%|per ?cent\b))?"
    rf"|(?P<word>(?:(?![{HAN}])[^\W\d_])+(?:['’][a-z]+)?(?:(?<=[a-z])\d+(?:\.\d+)?[a-z]*)?)"
)
_PERCENT_ZH = lazy_pattern(r"百分之\s?(\d+(?:\.\d+)?)")
_YEAR_ZH = lazy_pattern("[〇零○一二三四五六七八九]{4}(?=年)")
_DIGITS_ZH = str.maketrans("〇零○一二三四五六七八九", "000123456789")
# "-ses" mostly comes from "-se" (houses, uses); these come from "-s" or change their stem.
_IRREGULAR = {"gases": "gas", "buses": "bus", "lenses": "lens", "analyses": "analysis", "children": "child"}


def tokenise(text: str) -> list[str]:
    """Tokens of `text`, repeats kept.

    >>> tokenise("到2030年，比重达到 25% 左右")
    ['到', '2030', '年', '比', '重', '达', '到', '比重', '重达', '达到', '25%', '左', '右', '左右']
    >>> tokenise("Carbon sinks of 1,200.5 Mt CO2; the city's PM2.5")
    ['carbon', 'sink', 'of', '1200.5', 'mt', 'co2', 'the', 'city', 'pm2.5']
    """
    folded = fold(text)
    if "百分之" in folded:
        folded = _PERCENT_ZH.sub(r"\1%", folded)
    tokens: list[str] = []
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup
        if kind == "han":
            run = match.group()
            tokens += run
            tokens += [run[i : i + 2] for i in range(len(run) - 1)]
        elif kind == "word":
            tokens.append(singular(match.group()))
        else:
            number = match.group("number").replace(",", "")
            tokens.append(number + "%" if match.group("percent") else number)
    if "年" in folded:
        tokens += [year.translate(_DIGITS_ZH) for year in _YEAR_ZH.findall(folded)]
    return tokens


def token_counts(text: str) -> Counter[str]:
    """How often each token stands in `text`."""
    return Counter(tokenise(text))


def singular(word: str) -> str:
    """An English word without possessive and plural ending; other words as they are.

    >>> [singular(w) for w in ("policies", "gases", "houses", "emissions", "class", "basis", "china's")]
    ['policy', 'gas', 'house', 'emission', 'class', 'basis', 'china']
    """
    word = word.replace("’", "'").removesuffix("'s").replace("'", "")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


def is_han_token(token: str) -> bool:
    """True for the Han unigrams and bigrams among the tokens."""
    return "\u3400" <= token[0] <= "\u9fff" or token[0] == "〇" or "\uf900" <= token[0] <= "\ufaff"
