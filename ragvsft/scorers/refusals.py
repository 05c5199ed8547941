"""Whether a text declines to answer."""

from __future__ import annotations

import re

_LEAD_IN = re.compile(
    r"^(?:(?:answer:|sorry|i(?: am|'m) (?:sorry|afraid)|unfortunately|apologies|(?:based on|according to|from|in)"
    r" the (?:given |provided )?(?:passages?|context|text|documents?|information)(?: given| provided)?)"
    r"[\s,.:;!]*(?:but |that )?)+"
)
_NOT = r"(?:do not|don't|dont|does not|doesn't|did not|didn't|can not|cannot|can't|could not|couldn't)"
_SOURCE = (
    r"(?:passages?|context|texts?|documents?|documentation|handbook|sources?|information|corpus|article|policy"
    r"|excerpts?)"
)
_SAYING = r"(?:say|said|mention|state|contain|provide|specify|include|answer|tell|give|cover|address|indicate|list)"
_REFUSAL_START = re.compile(
    "|".join(
        [
            rf"i (?:really |just |honestly )?{_NOT} (?:know|tell|say|find|determine|answer|give)",
            rf"i (?:really |just )?{_NOT} have (?:that|this|enough|any|the|information|access)",
            r"i(?: am|'m) (?:not sure|unsure|not able to|unable to|not certain|not aware)",
            r"i have no (?:idea|information|answer|way)",
            r"(?:unable|not able|impossible) to (?:answer|say|tell|determine|find)",
            rf"(?:the |these |this |those |none of the |no )?(?:\w+ )?{_SOURCE}(?: (?:provided|given))?"
            rf" (?:{_NOT} |never )(?:\w+ )?{_SAYING}",
            rf"(?:none of the|no) (?:\w+ )?{_SOURCE} {_SAYING}s?",
            r"there(?: is|'s| was) (?:no|not enough|insufficient) (?:information|mention|answer|indication|data)",
            r"(?:no|not enough|insufficient) information"
            r"(?: (?:is|was|about|on|regarding|available|given|in|to)\b|[\s.!]*$)",
            r"(?:it|this|that|the answer|this information|that information)(?: is|'s) "
            r"(?:not |un)(?:stated|specified|mentioned|given|known|provided|clear|available|disclosed|in the)",
            r"(?:it|this|that|the (?:question|answer)|this question)? ?(?:cannot|can't|can not) be "
            r"(?:answered|determined|found|known)",
        ]
    )
)
_REFUSAL_WHOLE = re.compile(
    r"(?:unknown|unanswerable|idk|n/?a|no answer|no idea|none given|dunno|dont know|don't know|do not know|not sure"
    r"|(?:not|un)[ -]?(?:stated|specified|mentioned|given|known|provided|available|disclosed)"
    r"(?: (?:in|by|here|anywhere)\b.*)?)[\s.!]*"
)
_AND_YET = re.compile(
    r"\b(?:but|however|though|although|probably|maybe|perhaps|possibly|likely|i (?:think|guess|believe))\b"
)


def is_refusal(text: str) -> bool:
    """Return whether the text declines to answer, in any of the usual English ways.

    A text that declines and then guesses ("I don't know, but probably 21 days") is an answer. An empty text is not a
    refusal: saying nothing may be a broken model, and must not be rewarded as knowing one's limits.
    """
    plain = " ".join(text.lower().replace("’", "'").split()).strip("\"'*` ")
    plain = _LEAD_IN.sub("", plain)
    if _REFUSAL_WHOLE.fullmatch(plain):
        return True
    found = _REFUSAL_START.match(plain)
    return found is not None and not _AND_YET.search(plain, found.end())
