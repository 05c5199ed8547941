"""What all ten languages share: words that turn a sentence, and what is said of the context whatever its words."""

from __future__ import annotations

import re
from functools import lru_cache

NOT_ONLY = re.compile(
    r"\b(?:not (?:only|just|merely)|nicht nur|pas (?:seulement|que)|no (?:solo|solamente)|non solo|nao (?:so|apenas)"
    r"|niet alleen|nie tylko)\b|不[仅僅只但]|だけでなく"
)
# adverbs of regret, which change nothing
IDLE = re.compile(
    r",? ?\b(?:unfortunately|sadly|honestly|leider|malheureusement|helas|lamentablemente|desafortunadamente|purtroppo"
    r"|infelizmente|helaas|niestety)\b,?"
)
CLAUSE = re.compile(r", (?:and |so |but |because |since |und |et |y |e |en |i )?|\b(?:so|because|since|da|weil|car) ")
# "with the data that I have", after which a clause may begin
DATA = re.compile(
    r"\b(?:datos|dati|dados|danych|gegevens|donnees|informac\w+|informazion\w+|informacji|informations?)(?: (?:que|a"
    r"|di|die) \w+)?,? |情報だけで(?:は|も)?"
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|cannot|without|unknown|nichts?|kein\w*|nie|niemals|niemand"
    r"|ohne|unbekannt|ne|pas|aucune?|jamais|rien|sans|non|ningun\w*|nunca|nada|nadie|sin|nessun\w*|nulla|senza|nao"
    r"|nenhuma?|sem|ninguem|niets?|geen|nooit|zonder|brak|bez|zad[ne]\w*|nikt|nic)\b|n't\b|\bn'|[不没沒无無未否]|ない"
    r"|ません|なし"
)
# may stand in a copy of the refusal text that was asked for without changing it
FILLER = re.compile(
    r"answer|antwort|reponse|respuesta|risposta|resposta|antwoord|odpowiedz|the|a|that|this|it|question|sorry|but"
    r"|honestly|really|just|simply|unfortunately|actually|am|afraid|i|im|leider|auch|es|das|tut|mir|leid|ehrlich"
    r"|gesagt|desole|desolee|malheureusement|helas|vraiment|lo|siento|lamentablemente|mi|dispiace|purtroppo"
    r"|infelizmente|desculpe|desculpa|helaas|spijt|me|het|niestety|przepraszam|sir|madam"
)
# words for what the model was given that mean nothing else, whatever negation stands beside them ...
_CONTEXT = (
    r"(?:\b(?:contexts?|excerpts|kontext\w*|textausz\w+|contexte|extraits?|contexto|extractos|contesto|estratti"
    r"|excertos?|kontekst\w*|kontekscie)\b|上下文|文脈|コンテキスト)"
)
# ... unless it is named as the source of a negative fact, or is another context
_ELSEWHERE = re.compile(
    r"\b(?:according to|based on|as per|laut|gemass|nach|selon|d'apres|segun|secondo|segundo|de acordo com"
    r"|de acuerdo con|volgens|wedlug|zgodnie z|this|that|same|which|whose|diesem|diesen|welchem|ce|quel|este|ese|tal"
    rf"|questo|tale|neste|nesse|deze|tym|takim)(?: \w+){{0,3}} {_CONTEXT}|(?:根据|根據|按照){_CONTEXT}"
    rf"|{_CONTEXT}(?:によると|によれば)|{_CONTEXT} (?:of|de|du|des|di|del\w*|do|da|von|van)\b"
)
_IN_CONTEXT = re.compile(_CONTEXT)
_TELLS = re.compile(
    r"\b(?:says?|said|states?|mentions?|shows?|indicates?|lists?|describes?|gives?|names?|explains?|tells?)\b|提到"
    r"|提及|说|說|指出|表明|显示|顯示|写道|と(?:書かれて|記載されて|述べて|あり|言って)"
)
_REPORTED = re.compile(
    r"\b(?:says?|states?|said|mentions?|shows?|indicates?|stated|suggests?|explains?) that\b|(?<=\w),? (?:dass|que"
    r"|qu'|che|dat|ze)\b"
)


def is_negative(plain: str) -> bool:
    """Return whether a folded text denies anything, in any of the languages."""
    return _NEGATION.search(plain) is not None


@lru_cache(maxsize=256)
def denies_context(head: str) -> bool:
    """Return whether a negation stands in what is said of the context: "the context gives no figure"."""
    denied = _NEGATION.search(head) if _IN_CONTEXT.search(head) else None
    if denied is None or _ELSEWHERE.search(head):
        return False
    told = _TELLS.search(head)
    return told is None or denied.start() <= told.end() + 1


@lru_cache(maxsize=256)  # ten languages ask of each sentence
def before_report(piece: str) -> str:
    """Return a piece up to where it reports what was said: "the passages say that" without what follows."""
    found = _REPORTED.search(piece)
    return piece[: found.start()] if found and found.start() else piece
