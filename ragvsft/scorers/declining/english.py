"""How English says that something is not known or not found."""

from __future__ import annotations

from ragvsft.scorers.declining import Language

_NOT = r"(?:(?:do|does|did|is|are|was|were|has|have|can|could)(?: not|n't|nt)|cannot)"
_GIVEN = (
    r"(?:passages?|contexts?|excerpts?|snippets?|search results"
    r"|(?:given|provided|supplied|available|retrieved) (?:information|documents?|texts?|sources?|data|articles?)"
    r"|(?:information|documents?|texts?|sources?) (?:provided|given|supplied)|what i (?:was given|have|know))"
)
_TOLD = r"(?:mentioned|stated|specified|said|indicated|explained|described|discussed|addressed|answered|determined)"
_KNOWLEDGE = r"(?:information|info|answers?|details?|mention|reference|indication|anything)"
_IT = (
    r"(?:that|this|it|such|whether|how|what|when|where|which|who|why|if|from|the (?:answer|question)"
    r"|any (?:information|mention))"
)
_FIND_OUT = (
    r"(?:(?:answer|say|determine|find(?! (?:my|your))|locate|identify|confirm|infer|establish|work out|know"
    r"|be sure)\b"
    r"|see (?:any|where|that|how|it|this)\b|(?:help|assist)(?: you)?(?: (?:with|on|there) (?:that|this"
    r"|your (?:question|request))|[,\s]*$))"
)
_ABOUT = (
    r"(?= (?:about|on|regarding|concerning|as to|to (?:answer|say|tell|determine)|in|available|here|that|of)\b"
    r"|[,\s]*$)"
)

ENGLISH = Language(
    lead_in=r"(?:final )?answer ?:|(?:so |very |i(?: am|'m) (?:very |so )?)?sorry(?: about that)?|apolog\w+"
    r"|my apologies"
    r"|i(?: am|'m) afraid(?: that)?|as an? (?:ai|language model|assistant)[^,]*(?=,)|i apologi[sz]e|unfortunately"
    r"|regrettably|sadly|honestly|well|hmm+"
    r"|(?:based on|according to|from|in|judging by|given|with) (?:only )?(?:the |these |this )?(?:\w+ )?"
    r"(?:passages?|context|texts?|documents?|information|excerpts?|sources?|documentation)(?: (?:given|provided"
    r"|above))?"
    r"(?: alone)?",
    but=r"but|however|though|although|nevertheless|yet",
    guess=r"probably|maybe|perhaps|possibly|likely|presumably|i (?:think|guess|believe|suppose|assume|would (?:say"
    r"|guess))"
    r"|my guess",
    refusal=rf"i (?:\w+ )?(?:{_NOT}|no longer|never) (?:\w+ )?(?:know|remember|recall)\b"
    r"|we (?:do not|don't) (?:\w+ )?know(?: (?:that|this|how|what|when|where|which|who|why|whether|if)\b|$|,)"
    rf"|i (?:\w+ )?(?:cannot|can ?not|can't|could not|couldn't) (?:\w+ )?{_FIND_OUT}"
    rf"|we (?:cannot|can't|could not|couldn't) (?:\w+ )?{_FIND_OUT}(?: {_IT}\b|[,\s]*$)"
    r"|(?:i|we) (?:cannot|can't|could not|couldn't) (?:\w+ )?tell(?: (?:you )?(?:that|this|from|whether|what|how|who"
    r"|when|"
    r"where|which|why|if)\b|$|,)"
    rf"|we(?: are| were|'re) (?:unable|not able) to (?:\w+ )?{_FIND_OUT}(?: {_IT}\b|[,\s]*$)"
    rf"|i(?: am| was|'m)? (?:\w+ )?(?:unable|(?:not|wasn't|weren't|aren't) able) to (?:\w+ )?"
    rf"(?:{_FIND_OUT}|tell\b|(?:provide|give) (?:an?|that|this|any|the) (?:\w+ )?(?:answer|information|details)\b)"
    r"|(?:i|we) (?:cannot|can't) (?:provide|give) (?:you )?(?:an?|that|this|any|the) (?:\w+ )?"
    r"(?:answer|information|details)\b|i (?:cannot|can't) (?:provide|give|offer) (?:\w+ )?(?:medical|legal"
    r"|financial) advice"
    rf"|(?:i|we) (?:\w+ )?(?:{_NOT} have|have no|lack|have not been given|haven't been given|found no|see no"
    rf"|find no) "
    rf"(?:\w+ ){{0,3}}(?:information|info|answer|details|knowledge|indication|mention){_ABOUT}"
    rf"|i (?:\w+ )?(?:{_NOT} have|have no|haven't|have not) (?:\w+ )?(?:idea|clue|way of knowing|faintest|foggiest"
    rf"|that|this)\b"
    r"|(?:i|we) (?:have|found|see|find) nothing (?:on|about|regarding|that|in|there|here)\b"
    r"|i(?: am|'?m| was)(?: \w+)? (?:not (?:quite |entirely |really )?(?:sure|certain|aware)|unsure|uncertain"
    r"|stumped|at a loss"
    r"|drawing a blank|clueless)"
    r"|(?:it |this |that |the (?:question|answer) |this question |the information )?(?:cannot|can't|can not"
    r"|could not|couldn't)"
    rf" be (?:answered|determined|found|known|said|inferred|established)(?: (?:here|(?:from|with|based on"
    rf"|by) .*(?:{_GIVEN}|text|documents?))\b|[,\s]*$)"
    r"|the question is (?:unanswerable|not answerable)"
    r"|(?:it|this|that|the answer|(?:the|this|that|such) information)(?: is|'s| was) (?:not |nowhere |never "
    r"|un)(?:\w+ )?"
    r"(?:stated|specified|mentioned|said|indicated)"
    r"|(?:it|this|that|the answer|(?:the|this|that|such) (?:information|detail))(?: is|'s| was)"
    r" (?:not |un)(?:given|known|provided|clear|available|disclosed|certain|there)[,\s]*$"
    rf"|there(?: is|'s| was| are|'re)(?:n't| not)? (?:no|not enough|insufficient|any|enough|nothing) ?(?:\w+ )?"
    rf"(?:(?:information|mention|answer|details){_ABOUT}|(?:about|on|in (?:the|these) )\b(?=.*\b{_GIVEN}))"
    r"|(?:it(?: is|'s) )?(?:impossible|not possible|hard|difficult) to (?:say|tell|know|answer|determine)"
    r"(?: (?:from|based|without|whether|what|who|how|if|with|that|this)\b|[,\s]*$)"
    r"|nothing (?:in|within) (?:them|it|there)\b|nothing (?:is|was) (?:said|mentioned|stated)\b"
    rf"|(?:that|this|it)(?: goes|'s| is| lies) (?:\w+ )?(?:beyond|outside) (?:\w+ ){{0,4}}{_GIVEN}"
    r"|they (?:do not|don't) (?:\w+ )?(?:(?:mention|specify)\b|(?:say|state|indicate)"
    rf"(?: (?:anything|{_IT})\b|[,\s]*$))"
    r"|(?:that|this)(?: is|'s) beyond (?:me|my knowledge)",
    whole=r"unknown|unanswerable|idk|n ?/ ?a|dunno|(?:no|not a|haven't a) (?:answer|idea|clue)(?: sorry)?|none given"
    r"|beats me"
    r"|search me|who knows|your guess is as good as mine|(?:do not|don't|dont) know|not sure|can't say|couldn't say"
    r"|not found"
    r"|no answer (?:found|available|possible|in the (?:text|documents?))|answer (?:not found|unknown)"
    r"|(?:not|un)[ -]?(?:stated|specified|mentioned|answered|answerable)(?: (?:in|by|here|anywhere)\b.*)?"
    r"|(?:not|un)[ -]?(?:given|known|provided|available|disclosed|listed|covered|clear|certain)(?: here| anywhere)?"
    rf"|not (?:\w+ )?\w+ (?:in|by|from) .*\b(?:{_GIVEN}|text)\b.*"
    r"|(?:no|not enough|insufficient) (?:relevant |such |further )?(?:information|info)(?: (?:is"
    r"|was))?(?: (?:available|given|found|provided|there))?"
    r"(?: (?:about|on|regarding|here|to (?:answer|say|tell|determine))(?: \S+){0,4})?"
    r"|(?:the )?information (?:is )?(?:not (?:available|found|provided|given)|missing|unavailable)"
    r"|no mention(?: of(?: \S+){1,4})?",
    context=_GIVEN,
    text=r"(?:the|this|these|those|any|my|your|all|of|no) (?:\w+ )?(?:texts?|documents?|documentation|articles?"
    r"|sources?|page)(?! (?:field|box|message|type|number|\d))",
    paper=r"(?:the|this|our|your) (?:\w+ )?(?:policy|contract|handbook|manual|guide|lease|agreement|act|law|leaflet"
    r"|notice"
    r"|regulations?|statute|terms|rules|guidelines|form|report|letter|book|faq)",
    unsaid=rf"(?:{_NOT}|never|fails? to|nowhere) (?:\w+ )?(?:say|said|mention|state|specify|answer|tell|indicate"
    rf"|address"
    r"|discuss|describe|explain|reveal|clarify|refer|talk|speak)s?\b"
    rf"|(?:not|never|nowhere|n't) (?:\w+ )?{_TOLD}"
    rf"|(?:{_NOT}|never|fails? to) (?:\w+ )?(?:contain|include|provide|give|offer|have|hold|cover"
    rf"|list) (?:(?:\w+ ){{0,4}}{_KNOWLEDGE}\b"
    r"|(?:that|this|it|such)[,\s]*$)"
    r"|(?:not|never|nowhere|n't) (?:\w+ )?(?:given|found|available|provided|clear|covered|disclosed|included)\b"
    rf"(?= (?:in|by|from|within) .*(?:{_GIVEN}|text))"
    r"|(?:no|not enough|insufficient|n't (?:any|enough)|without (?:any )?) ?(?:\w+ )?(?:mention|information"
    r"|indication|reference"
    r"|answer|statement)\b"
    r"|(?:information|answer|details?) (?:is|are|was)(?: not|n't) (?:\w+ )?(?:in|part of)\b"
    r"|not possible to (?:answer|determine|say|tell)"
    rf"|\bneither (?:\w+ )?(?:passage|document|source|text)s? (?:says?|mentions?|states?|tells?|gives?|contains?)"
    rf"|\bnothing (?:in|about|on|there|here|is said|is mentioned|is stated)\b|(?:none of|no"
    rf"|neither of) (?:the )?(?:\w+ )?(?:{_GIVEN}|documents?|sources?|texts?) (?:says?|mentions?|states?"
    r"|answers?|tells?|specif\w+|contains?|gives?|covers?)"
    r"|(?:is|are) (?:\w+ )?(?:silent|mute|of no help|no help)\b",
    unheld=rf"(?:{_NOT}|never|fails? to) (?:\w+ )?(?:contain|include|provide|give|cover|list|offer|hold|define|name"
    rf"|disclose)\b",
    vague=r"(?:is|are|was|were|has been|have been) (?:not|never) (?:\w+ )?(?:known|mentioned|stated|specified"
    r"|disclosed"
    r"|indicated)(?: (?:in|by)\b.*)?[,\s]*$|(?:is|are|was|were|remains?) (?:unknown|unclear|unspecified)[,\s]*$"
    r"|^it is not known\b|^(?:there (?:is|are) )?no data\b",
    aside=r"please\b|(?:you|one) (?:may|might|could|should|would|will|need|'d|'ll)(?: \w+){0,3} (?:ask|contact"
    r"|consult|check|refer"
    r"|look)|(?:they|it|these)(?: \w+)? only\b|i (?:recommend|suggest|can only)|let me know|for more|if you\b"
    r"|is there anything",
)
