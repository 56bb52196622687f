"""A small corpus folder and a home that uses it: builds take a second and never import torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from policybot.home import Home

ITEMS = (
    "推进煤炭消费替代和转型升级。加快煤炭减量步伐，严格合理控制煤炭消费增长，有序淘汰煤电落后产能。",
    "大力发展新能源。到2030年，风电、太阳能发电总装机容量达到12亿千瓦以上，鼓励建设海上风电基地。",
    "因地制宜开发水电。积极推进水电基地建设，推动小水电绿色发展，新增水电装机容量4000万千瓦左右。",
    "加快优化建筑用能结构。到2025年，新建公共机构建筑、新建厂房屋顶光伏覆盖率力争达到50%。",
    "推广绿色低碳生活方式。坚决遏制奢侈浪费和不合理消费，着力破除奢靡铺张的歪风陋习。",
)


def write_corpus(root: Path, items: Sequence[str] = ITEMS) -> None:
    """A catalogue and one source with a part, a clause and `items` as its numbered items."""
    lines = ["一、重点任务", "", "（一）能源绿色低碳转型行动。", "", "能源是经济社会发展的重要物质基础。", ""]
    for number, item in enumerate(items, 1):
        lines += [f"{number}. {item}", ""]
    text = "\n".join(lines)
    (root / "sources").mkdir(parents=True, exist_ok=True)
    (root / "sources" / "plan.txt").write_text(text, "utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (root / "catalog.toml").write_text(
        f"""format = 1
[files]
"corpus/sources/plan.txt" = "{digest}"
[[document]]
id = "plan"
title_zh = "行动方案"
title_en = "Plan"
short_zh = "《方案》"
short_en = "the Plan"
aliases = ["方案"]
issuer_zh = "国务院"
issuer_en = "State Council"
number = ""
date = "2021"
status = "in force"
authority = 0
style = "policy"
origin = "made for tests"
licence = "Apache-2.0"
[[document.witness]]
id = "only"
file = "corpus/sources/plan.txt"
lines = [[1, {len(lines)}]]
note = ""
""",
        "utf-8",
    )


def small_home(folder: Path, items: Sequence[str] = ITEMS, settings: str = "") -> Home:
    """A home in `folder` whose corpus is small; `settings` is appended to policybot.toml."""
    write_corpus(folder / "texts", items)
    (folder / "policybot.toml").write_text(f'[corpus]\npath = "texts"\n{settings}', "utf-8")
    return Home(folder)


# Questions that the small corpus answers, each with what its clause says.
ASKED = {
    "新建厂房的屋顶光伏覆盖率？": ("zh", "屋顶光伏覆盖率力争达到50%", "50%"),
    "How much wind and solar power by 2030?": ("en", "总装机容量达到12亿千瓦以上", "12亿千瓦"),
    "新增水电装机多少？": ("zh", "新增水电装机容量4000万千瓦左右", "4000万千瓦"),
}


def write_questions(file: Path) -> Path:
    """A question set about the small corpus."""
    lines = [
        {
            "id": f"q{n}", "language": language, "type": "value", "question": question, "answerable": True,
            "gold": [[{"quote": quote}]], "must_contain": [[value]], "must_not_contain": [],
        }
        for n, (question, (language, quote, value)) in enumerate(ASKED.items(), 1)
    ]  # fmt: skip
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return file
