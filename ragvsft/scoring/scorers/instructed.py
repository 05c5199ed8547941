"""What an instruction tells the model to say where it does not know.

"Antworte kurz, oder sage: Das weiß ich nicht." asks for "Das weiß ich nicht". It is found where an instruction quotes
it or lets it follow a verb of saying, and it reads as a refusal by itself; or where one quotation only stands in a
sentence about not knowing ("If the passages do not say, reply "KEINE ANGABE""). Anything else is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ragvsft.scoring.scorers.declining.common import is_negative
from ragvsft.scoring.scorers.declining.copies import folded
from ragvsft.scoring.scorers.refusals import stance

_QUOTED = re.compile(
    r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|»([^«]+)«|「([^」]+)」|『([^』]+)』|`([^`]+)`'
    r"|(?<!\w)'(.+?)'(?!\w)|(?<!\w)‘(.+?)’(?!\w)"
)
_VERB = re.compile(
    r"\b(?:say|answer|reply|respond|write|output|return|sagen?|sage?|antworten?|antworte|schreiben?|dis|dites"
    r"|reponds|répondez"
    r"|réponds|écris|écrivez|di|diga|dime|responde|responda|escribe|escriba|contesta|conteste|di'|rispondi|scrivi"
    r"|dica|diz"
    r"|escreva|escreve|zeg|antwoord|schrijf|powiedz|odpowiedz|napisz|säg|svara|skriv|sig|svar|si|πες|απάντησε|γράψε|скажи|скажите|ответь|ответьте|напиши|напишите"
    r"|řekni|odpověz|napiš|sano|vastaa|mondd|spune|răspunde|قل|أجب)\b(?: (?:with|mit|par|con|com|met|just|only"
    r"|nur))?[\s:,]*"
    r"|(?:回答|说|說|写|寫|答え)[::]\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?。!?\n]+[.!?。!?]?(?=\s|$|[\u3040-\u9fff])|[^\n]+")
_UNKNOWING = re.compile(
    r"know|answer|find|found|contain|passage|context|text|document|information|weiss|antwort|kontext|unterlage|steh"
    r"|sais|savez"
    r"|reponse|contexte|passage|sabe|respuesta|contexto|sai|rispo|contesto|brani|resposta|trecho|weet|antwoord|wiesz"
    r"|odpowied"
    r"|kontekst|fragment|知道|答案|文|资料|資料|わから|分から|本文|vet|ved|veit|kontekst|знае|ответ|известн|текст|bil(?:mi|in)|yanit|cevap|metin|γνωριζ|ξερ|απαντησ|κειμεν|nevi|znas"
    r"|odpove|tieda|tudod|valasz|stii|تعرف|تعلم|إجابة|모르|모른|답|알 수|जान|उत्तर|ทราบ|รู้|คำตอบ|biet|tahu"
)
_CONDITION = re.compile(r"\s(?:if|when|where|unless|wenn|falls|sofern|si|se|als|jeśli|jesli)\s", re.IGNORECASE)
# "never say "sorry"" asks for something else
_FORBIDS = re.compile(
    r"(?<![\"'“„«‘「])\b(?:never|don'?t|do not|nicht|niemals|nie|jamais|no|nunca|non|mai|nao|niet|nooit)\s+(?:\w+ )?"
    rf"(?:{_VERB.pattern})(?:\w+ )?[\"'“„«‘「]|(?:{_VERB.pattern})(?:niemals|nie|nicht|jamais|pas|nunca|mai|nooit)"
    r"\s+[\"'“„«‘「]",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\s\W]+|[\s\W]+$")
_LONGEST = 12  # words of a refusal


def refusal_in(instruction: str) -> str | None:
    """Return the refusal text that an instruction asks for, or None where it asks for none that can be told."""
    for sentence in _SENTENCE.findall(instruction):
        if _FORBIDS.search(sentence):
            continue
        candidates = [*_quoted(sentence), *reversed(list(_said(sentence)))]
        for text in candidates:
            if stance(text) == "refused":
                return text
        quoted = _quoted(sentence)
        if len(quoted) == 1 and _asks_not_to_know(sentence.replace(quoted[0], " ")):
            return quoted[0]
    return None


def _quoted(sentence: str) -> list[str]:
    found = (next(group for group in match.groups() if group) for match in _QUOTED.finditer(sentence))
    return [text for text in map(_trimmed, found) if text and len(text.split()) <= _LONGEST]


def _said(sentence: str) -> Iterator[str]:
    """Yield what follows each verb of saying, up to the end of its sentence."""
    for verb in _VERB.finditer(sentence):
        text = _trimmed(_CONDITION.split(sentence[verb.end() :], maxsplit=1)[0])
        if text and len(text.split()) <= _LONGEST:
            yield text


def _asks_not_to_know(sentence: str) -> bool:
    plain = folded(sentence)
    return is_negative(plain) and _UNKNOWING.search(plain) is not None


def _trimmed(text: str) -> str:
    return _EDGES.sub("", text)
