"""How English says that something is not known or not found."""

from __future__ import annotations

from ragvsft.scorers.declining import Language

_NOT = r"(?:(?:do|does|did|is|are|was|were|has|have|can|could)(?: not|n't|nt)|cannot)"
_GIVEN = (
    r"(?:passages?|contexts?|excerpts?|snippets?|search results|(?:given|provided|supplied|available"
    r"|retrieved) (?:information|documents?|texts?|sources?|data|articles?)|(?:information|documents?|texts?|sources?"
    r"|articles?|materials?|pages?) (?:provided|given|supplied)|what i (?:was given|have|know)|(?:information|text"
    r"|material) i (?:was given|have been given|have))"
)
_TOLD = r"(?:mentioned|stated|specified|said|indicated|explained|described|discussed|addressed|answered|determined)"
_KNOWLEDGE = r"(?:information|info|answers?|details?|mention|reference|indication|anything)"
_IT = (
    r"(?:that|this|it|such|whether|how|what|when|where|which|who|why|if|from|the (?:answer|question)"
    r"|any (?:information|mention))"
)
_FIND_OUT = (
    r"(?:(?:answer|say|determine|find(?! (?:my|your))|locate|identify|confirm|infer|establish|work out|know"
    r"|be sure)\b|see (?:any|where|that|how|it|this)\b|(?:help|assist)(?: you)?(?: (?:with|on|there) (?:that|this"
    r"|your (?:question|request))|[,\s]*$))"
)
_ABOUT = (
    r"(?= (?:about|on|regarding|concerning|as to|to (?:answer|say|tell|determine)|in|available|here|that|of)\b"
    r"|[,\s]*$)"
)

ENGLISH = Language(
    lead_in=r"(?:based|relying) (?:\w+ )?(?:up)?on (?:only )?(?:the |these |this )?(?:\w+ )?(?:passages?|context"
    r"|texts?|documents?|information|excerpts?)(?: (?:given|provided|above|below|alone))?|(?:final )?answer ?:|(?:so "
    r"|very |i(?: am|'m) (?:very |so )?)?sorry(?: about that)?|apolog\w+|my apologies|i(?: am|'m) afraid(?: that)?"
    r"|as an? (?:ai|language model|assistant)[^,]*(?=,)|i apologi[sz]e|unfortunately|regrettably|sadly|honestly|well"
    r"|hmm+|(?:based on|according to|from|in|judging by|given|with) (?:only )?(?:the |these "
    r"|this )?(?:\w+ )?(?:passages?|context|texts?|documents?|information|excerpts?|sources?"
    r"|documentation)(?: (?:given|provided|above))?(?: alone)?",
    but=r"but|however|though|although|nevertheless|yet",
    guess=r"probably|maybe|perhaps|possibly|likely|presumably|i (?:think|guess|believe|suppose|assume|would (?:say"
    r"|guess))|my guess",
    refusal=rf"(?:i|we) (?:are not|aren't|were not|weren't|am not) (?:\w+ )?(?:told|given|informed) (?:that|how|what"
    rf"|when|where|which|who|why|whether|if)\b|i(?:'d| would)? (?:need|require) (?:more|additional|further"
    rf"|other) (?:context|information|details|data)|(?:i|we) (?:have|had|was given|were given) (?:insufficient"
    rf"|too little|not enough|inadequate) (?:context|information|data|details)|nothing (?:that )?(?:i|we) (?:was|were"
    rf"|have been|am|got) (?:shown|given|told)|(?:more|additional|further) (?:context|information) (?:is"
    rf"|would be) (?:needed|required)|(?:none|neither) of (?:it|them|this|these|that|those) (?:tells?|says?|mentions?"
    rf"|answers?|states?|gives?|addresses|contains?)\b|there(?: is|'s) no way (?:of|to) (?:tell\w*|know\w*|say\w*"
    rf"|be\w* sure)(?= (?:from|whether|what|how|who|when|if)\b|[,\s]*$)|(?:this|that|it)(?: is not|isn't"
    rf"|'s not) (?:something|anything) (?:the |these |this )?(?:\w+ )?(?:passages|context|excerpts?|text"
    rf"|documents?)\b|can't (?:tell|say)(?: (?:from|based)\b|[,\s]*$)|i (?:\w+ )?(?:{_NOT}|no longer"
    rf"|never) (?:\w+ )?(?:know|remember|recall)\b(?! how to (?!answer|say|respond))"
    r"|we (?:do not|don't) (?:\w+ )?know(?: (?:that|this|it|the answer|from)\b|[,\s]*$)"
    rf"|i (?:\w+ )?(?:cannot|can ?not|can't|could not|couldn't) (?:\w+ )?{_FIND_OUT}|we (?:cannot|can't|could not"
    rf"|couldn't) (?:\w+ )?{_FIND_OUT}(?: {_IT}\b|[,\s]*$)"
    r"|(?:i|we) (?:cannot|can't|could not|couldn't) (?:\w+ )?tell(?: (?:you )?(?:that|this|from|whether|what|how|who"
    r"|when|where|which|why|if)\b|$|,)"
    rf"|we(?: are| were|'re) (?:unable|not able) to (?:\w+ )?{_FIND_OUT}(?: {_IT}\b|[,\s]*$)|i(?: am| was"
    rf"|'m)? (?:\w+ )?(?:unable|(?:not|wasn't|weren't|aren't) able) to (?:\w+ )?(?:{_FIND_OUT}|tell\b|(?:provide"
    rf"|give) (?:an?|that|this|any|the) (?:\w+ )?(?:answer|information|details)\b)"
    r"|(?:i|we) (?:cannot|can't) (?:provide|give) (?:you )?(?:an?|that|this|any|the) (?:\w+ )?(?:answer|information"
    r"|details)\b|i (?:cannot|can't) (?:provide|give|offer) (?:\w+ )?(?:medical|legal|financial) advice"
    rf"|(?:i|we) (?:\w+ )?(?:{_NOT} have|have no|lack|have not been given|haven't been given|found no|see no"
    rf"|find no) (?:\w+ ){{0,3}}(?:information|info|answer|details|knowledge|indication|mention){_ABOUT}"
    rf"|i (?:\w+ )?(?:{_NOT} have|have no|haven't|have not) (?:\w+ )?(?:idea|clue|way of knowing|faintest|foggiest"
    rf"|that|this)\b"
    r"|(?:i|we) (?:have|found|see|find) nothing (?:on|about|regarding|that|in|there|here)\b|i(?: am|'?m"
    r"| was)(?: \w+)? (?:not (?:quite |entirely |really )?(?:sure|certain|aware)|unsure|uncertain|stumped|at a loss"
    r"|drawing a blank|clueless)|(?:it |this |that |the (?:question|answer) |this question "
    r"|the information )?(?:cannot|can't|can not|could not|couldn't)"
    rf" be (?:answered|determined|found|known|said|inferred|established)(?: (?:here|(?:from|with|based on"
    rf"|by) .*(?:{_GIVEN}|text|documents?))\b|[,\s]*$)"
    r"|the question is (?:unanswerable|not answerable)|(?:it|this|that|the answer|(?:the|this|that"
    r"|such) information)(?: is|'s| was) (?:not |nowhere |never |un)(?:\w+ )?(?:stated|specified|mentioned|said"
    r"|indicated)|(?:it|this|that|the answer|(?:the|this|that|such) (?:information|detail))(?: is|'s| was) (?:not "
    r"|un)(?:given|known|provided|clear|available|disclosed|certain|there)[,\s]*$"
    rf"|there(?: is|'s| was| are|'re)(?:n't| not)? (?:no|not enough|insufficient|any|enough"
    rf"|nothing) ?(?:\w+ )?(?:(?:information|mention|answer|details){_ABOUT}|(?:about|on|in (?:the"
    rf"|these) )\b(?=.*\b{_GIVEN}))"
    r"|(?:it(?: is|'s) )?(?:impossible|not possible|hard|difficult) to (?:say|tell|know|answer|determine)(?: (?:from"
    r"|based|without|whether|what|who|how|if|with|that|this)\b|[,\s]*$)|nothing (?:in|within) (?:them|it|there)\b"
    r"|nothing (?:is|was) (?:said|mentioned|stated)\b"
    rf"|(?:that|this|it)(?: goes|'s| is| lies) (?:\w+ )?(?:beyond|outside) (?:\w+ ){{0,4}}{_GIVEN}"
    r"|they (?:do not|don't) (?:\w+ )?(?:(?:mention|specify)\b|(?:say|state|indicate)"
    rf"(?: (?:anything|{_IT})\b|[,\s]*$))"
    r"|(?:that|this)(?: is|'s) beyond (?:me|my knowledge)",
    whole=r"(?:insufficient|not enough|too little) (?:context|data|information)(?: (?:to|for) .{0,40})?|unknown"
    r"|unanswerable|idk|n ?/ ?a|dunno|(?:no|not a|haven't a) (?:answer|idea|clue)(?: sorry)?|none given|beats me"
    r"|search me|who knows|your guess is as good as mine|(?:do not|don't|dont) know|not sure|can't say|couldn't say"
    r"|not found|no answer (?:found|available|possible|in the (?:text|documents?))|answer (?:not found|unknown)"
    r"|(?:not|un)[ -]?(?:stated|specified|mentioned|answered|answerable)(?: (?:in|by|here|anywhere)\b.*)?|(?:not"
    r"|un)[ -]?(?:given|known|provided|available|disclosed|listed|covered|clear|certain)(?: here| anywhere)?"
    rf"|not (?:\w+ )?\w+ (?:in|by|from) .*\b(?:{_GIVEN}|text)\b.*"
    r"|(?:no|not enough|insufficient) (?:relevant |such |further )?(?:information|info)(?: (?:is"
    r"|was))?(?: (?:available|given|found|provided|there))?(?: (?:about|on|regarding|here|to (?:answer|say|tell"
    r"|determine))(?: \S+){0,4})?|(?:the )?information (?:is )?(?:not (?:available|found|provided|given)|missing"
    r"|unavailable)|no mention(?: of(?: \S+){1,4})?",
    context=_GIVEN,
    text=r"(?:the|this|these|those|any|my|your|all|of|no) (?:\w+ )?(?:texts?|documents?|documentation|articles?"
    r"|sources?|page)(?! (?:of|field|editor|area|file|box|message|type|number|\d))",
    paper=r"(?:the|this|our|your) (?:\w+ )?(?:policy|contract|handbook|manual|guide|lease|agreement|act|law|leaflet"
    r"|notice|regulations?|statute|terms|rules|guidelines|form|report|letter|book|faq)",
    unsaid=rf"(?:is|are) (?:\w+ )?(?:missing|absent)(?= from .*\b(?:passages|context|excerpts?|text|documents?)\b)"
    rf"|leaves? (?:that|this|the|it) (?:\w+ )?open\b|(?:not|never|nowhere|\w+n't) (?:\w+ )?(?:named|identified|listed"
    rf"|shown|reported|quoted|recorded)(?: anywhere)?(?= (?:in|by|from|within) .*(?:{_GIVEN}|text|documents?))"
    rf"|(?:leave|leaves) out|(?:cannot|can not|can't|could not|couldn't|unable to|no way to|impossible to"
    rf"|not possible to) (?:be )?(?:\w+ )?(?:tell|told|say|said|know|known|find|found|determined?|inferr?e?d?"
    rf"|answere?d?|establish(?:ed)?|seen?|work(?:ed)? out)(?= .*\b(?:from|in|within|on|with|using)\b)|(?:not"
    rf"|\w+n't) (?:something|anything|part of)\b|\bno (?:\w+ ){{0,2}}(?:data|figures?|numbers?|details?|dates?|hints?"
    rf"|clues?|word)\b|makes? no (?:mention|reference)|\bnothing\b(?= .*(?:passages|context|excerpts?)\b)|(?:{_NOT}"
    rf"|never|fails? to|nowhere) (?:\w+ )?(?:say|said|mention|state|specify|answer|tell|indicate|address"
    r"|discuss|describe|explain|reveal|clarify|refer|talk|speak)s?\b"
    rf"|(?:not|never|nowhere|\w+n't) (?:\w+ )?{_TOLD}|(?:{_NOT}|never|fails? to) (?:\w+ )?(?:contain|include|provide"
    rf"|give|offer|have|hold|cover|list) (?:(?:\w+ ){{0,4}}{_KNOWLEDGE}\b"
    r"|(?:that|this|it|such)[,\s]*$)|(?:not|never|nowhere|\w+n't) (?:\w+ )?(?:given|found|available|provided|clear"
    r"|covered|disclosed|included)\b"
    rf"(?= (?:in|by|from|within) .*(?:{_GIVEN}|text))"
    r"|(?:no|not enough|insufficient|\w+n't (?:any|enough)|without (?:any )?) ?(?:\w+ )?(?:mention|information"
    r"|indication|reference|answer|statement)\b|(?:information|answer|details?) (?:is|are|was)(?: not"
    r"|n't) (?:\w+ )?(?:in|part of)\b|not possible to (?:answer|determine|say|tell)"
    rf"|\bneither (?:\w+ )?(?:passage|document|source|text)s? (?:says?|mentions?|states?|tells?|gives?|contains?)"
    rf"|\bnothing (?:in|about|on|there|here|is said|is mentioned|is stated)\b|(?:none of|no"
    rf"|neither of) (?:the )?(?:\w+ )?(?:{_GIVEN}|documents?|sources?|texts?) (?:says?|mentions?|states?"
    r"|answers?|tells?|specif\w+|contains?|gives?|covers?)|(?:is|are) (?:\w+ )?(?:silent|mute|of no help|no help)\b",
    unheld=rf"(?:{_NOT}|never|fails? to) (?:\w+ )?(?:contain|include|provide|give|cover|list|offer|hold|define|name"
    rf"|disclose)\b",
    vague=r"(?:passages|context|excerpts?|documents?|text) (?:\w+ )?only (?:discuss|cover|deal|talk|mention|describe"
    r"|address|speak)|(?:is|are|was|were|has been|have been) (?:not|never) (?:\w+ )?(?:known|mentioned|stated"
    r"|specified|disclosed|indicated)(?: (?:in|by)\b.*)?[,\s]*$|(?:is|are|was|were|remains?) (?:unknown|unclear"
    r"|unspecified)[,\s]*$|^it is not known\b(?! to)|^we (?:do not|don't) know\b|^(?:there (?:is|are) )?no data (?:on"
    r"|about|for|(?:is|are) available)\b",
    aside=r"the question (?:asks|is about)\b|you(?: have|'ve)? asked?\b|please\b|(?:you|one) (?:may|might|could"
    r"|should|would|will|need|'d|'ll)(?: \w+){0,3} (?:ask|contact|consult|check|refer|look)|(?:they|it"
    r"|these)(?: \w+)? only\b|i (?:recommend|suggest|can only)|let me know|for more|if you\b|is there anything",
)
