"""How questions ask for lengths of time, and what they set apart: two events, the acts of a treaty."""

from __future__ import annotations

from policybot.patterns import lazy_pattern

ASKED = lazy_pattern(
    r"多长时间|多久|(?:几|多少)个?(?:年(?!份|代|级)|月(?!份)|天|日(?!期))|多大(?:年纪|岁数|年龄|了|$|[?？])|几岁|(?:年纪|年龄|岁数)"
    r"|\bhow (?:long|soon|quickly|early|old)\b|\bhow many (?:years?|months?|days?|weeks?)\b"
    r"|\b(?:shortest|minimum|least) (?:time|period|wait|number of (?:years?|months?|days?))\b"
    r"|\b(?:what|which) age\b|\bat what age\b|\bage (?:of|was)\b"
)
SOONEST = lazy_pattern(r"\b(?:soonest|earliest)\b")  # asks for periods added up, else for something else
WORDS = lazy_pattern(
    r"多长时间|多久|(?:几|多少)个?[年月天日]|窗口期?|哪[天日年月]|起止|相?间?隔|之间|中间|(?<!超)过了|经过|历时|历经|持续|一共|总共|共|前后|最早|最快|最短|最少|至少|起码"
    r"|之后|以后|后来?|又|才|再|用了?|有|从|自|到|至|长|年纪|年龄|多大|几岁|正式|加上?|加起来|相加"
    r"|\b(?:how (?:long|many|old|soon|quickly|early)|which day|window|counting"
    r"|years?|months?|days?|after|before|between|lie|lies|passed?"
    r"|elapsed?|apart|later|until|till"
    r"|from|take|took|last|lasted|in total|total|together|combined|added|sum|altogether"
    r"|length|span|adding|plus|at the earliest"
    r"|soonest|earliest|shortest|minimum|least|number|becomes?|actually|effectively|fully|really|once"
    r"|give\w*|itself|there|gap|time)\b"
)
PAIRS = (
    lazy_pattern(
        r"(?P<s>[^，。？]*?)(?:从|自)(?P<a>[^，。？]+?)(?:，)?(?:到|至)(?P<b>[^。？]+?)(?:，)?(?:之间|中间|一共|总共)?"
        r"(?:相?间?隔|相差|有|过|用|花|经过|历时|历经|是|共)?了?(?:几|多少|多长|多久)"
    ),
    lazy_pattern(
        r"(?P<s>)(?P<a>[^。？]+?)(?:和|与|跟|到)(?P<b>[^，。？]+?)(?:，)?(?:之间|中间)?(?:相?间?隔|相差|有|差)了?(?:几|多少|多长|多久)"
    ),
    lazy_pattern(
        r"(?P<s>)(?P<a>[^。？]+?)(?:之后|以后|后|，)(?:又|再|要)?(?:过|隔|等)?了?(?:几|多少|多长|多)个?(?:年|月|天|久|时间)(?:之后|以后|后)?(?:，)?(?:又|才|再|就)?(?P<b>[^。？]+)"
    ),
    lazy_pattern(
        r"(?P<s>)(?P<b>[^，。？]+?)比(?P<a>[^，。？]+?)(?:要|的)?(?:晚|迟|早|先|后)(?:了|出|出台|发布|印发)?(?:几|多少|多久)"
    ),
    lazy_pattern(
        r"(?P<s>)(?P<a>[^，。？]+?)的?(?:几|多少)个?[年月天日](?:之后|以后|后)[，,]?(?:又|才|再|就)?(?P<b>[^。？]+)"
    ),
    lazy_pattern(r"(?P<s>)\bbetween (?P<a>.+?) and (?P<b>[^?]+)"),
    lazy_pattern(
        r"(?P<s>)\b(?:how long|how (?:many|much) \w+) after (?P<a>.+?),? (?:did|does|was|were|is|do"
        r"|had|has) (?P<b>[^?]+)"
    ),
    lazy_pattern(
        r"(?P<s>)\bafter (?P<a>[^?]+?),? (?:how long|how many \w+)[^?]{0,24}? (?P<b>(?:until|before"
        r"|did|was|were)\b[^?]+)"
    ),
    lazy_pattern(r"(?P<s>)\bfrom (?P<a>.+?) (?:to|until|till) (?P<b>[^?]+)"),
    lazy_pattern(
        r"(?P<s>)\bhow (?:long|many \w+) (?:was it |did it take |passed )?(?:from |before "
        r"|until )(?P<a>.+?) (?:to|until|before|after) (?P<b>[^?]+)"
    ),
)
# What the documents say for the acts of a treaty or a text, whatever the question calls them.
ACTS = (
    (
        r"通过|达成|订立|缔结|拟定|完成文本|文本完成|text[^?]{0,24}complet\w*|adopt\w*|conclu\w+|agreed",
        "通过|达成|订于|完成文本",
    ),
    (r"签署|签字|签约|sign\w*", "签署"),
    (r"达峰|峰值|\bpeak\w*", "达峰|达到峰值"),
    (r"碳?中和|(?:carbon|climate)?[- ]?neutral\w*", "中和"),
    (r"生效|entr\w+ into force|enter\w* into force|in(?:to)? force|effect", "生效"),
)
