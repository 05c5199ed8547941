"""What all languages share: words that turn a sentence, and what is said of the context whatever its words."""

from __future__ import annotations

import re
from functools import lru_cache

NOT_ONLY = re.compile(
    r"\b(?:not (?:only|just|merely)|nicht nur|pas (?:seulement|que)|no (?:solo|solamente)|non solo|nao (?:so|apenas)"
    r"|niet alleen|nie tylko)\b|不[仅僅只但]|だけでなく"
)
ONLY = re.compile(
    r"\b(?:only|just|nur|lediglich|que|seulement|solo|solamente|soltanto|so|apenas|alleen|slechts|tylko)\b|[只仅僅]"
    r"|のみ|だけ"
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
_FURTHER_NEGATION = re.compile(
    r"\b(?:inte|ikke|ej|ingen|inga|inget|не|нет|ни|немає|без|nikdo|neni|δεν|μην|χωρις|degil|yok|안|못|لا|لم|غير|tidak"
    r"|bukan"
    r"|khong|nincs|nem)\b|(?:않|없|모르|모름)|ไม่|नहीं|bilmi"
)
# may stand in a copy of the refusal text that was asked for without changing it
FILLER = re.compile(
    r"answer|antwort|reponse|respuesta|risposta|resposta|antwoord|odpowiedz|the|a|that|this|it|question|sorry|but"
    r"|honestly|really|just|simply|unfortunately|actually|am|afraid|i|im|leider|auch|es|das|tut|mir|leid|ehrlich"
    r"|gesagt|desole|desolee|malheureusement|helas|vraiment|lo|siento|lamentablemente|mi|dispiace|purtroppo"
    r"|infelizmente|desculpe|desculpa|helaas|spijt|me|het|niestety|przepraszam|sir|madam|response|is|ja|svar|tyvarr"
    r"|beklager|desværre|ledsen|forlat|jag|det|jeg|dessverre|valitettavasti"
    r"|anteeksi|vastaus|sajnos|sajnalom|valasz|imi|pare|rau|raspuns|bohuzel|omlouvam|se|lituji|λυπαμαι|δυστυχως"
    r"|συγγνωμη"
    r"|απαντηση|ομως|uzgunum|maalesef|ne|yazık|ki|ozur|dilerim|cevap|yanıt|죄송합니다|죄송하지만|미안합니다|답변|정답"
    r"|답|저는"
    r"|잘|извините|простите|прошу|прощения|к|сожалению|ответ|я|увы|вибачте|на|жаль|відповідь|عذرا|آسف|للأسف|الإجابة|أنا"
    r"|الجواب|ขออภัย|ขอโทษ|คำตอบ|xin|loi|toi|rat|tiec|cau|tra|maaf|jawaban|saya|סליחה|תשובה|אני"
)
HEADING = re.compile(
    r"(?:final |short )?(?:answer|response|explanation|summary|note)|antwort|reponse|respuesta|risposta|resposta"
    r"|antwoord"
    r"|odpowiedz|答案?|回答|答え|\d+"
)
# words for what the model was given that mean nothing else, whatever negation stands beside them ...
_CONTEXT = (
    r"(?:\b(?:contexts?(?! (?:switch|menu|manager|window|length|variable|key|free|object))|excerpts|kontext\w*"
    r"|textausz\w+|contexte|extraits?|contexto|extractos|contesto|estratti"
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

# "with the information available it is not possible to ...": impersonal, so that nobody of the domain fails to find out
_WITH_DATA = re.compile(
    r"\b(?:with|from|given|based on|mit|anhand|aus|aufgrund|auf (?:der )?basis|avec|a partir|d'apres|sur la base|con"
    r"|a partir|con base en|in base|dai|dalle|com|com base|met|op basis van|uit|na podstawie|z) (?:\S+ ){0,3}"
    r"(?:passages?|contexts?|excerpts?|(?:available|provided|given|supplied) (?:information|data|documents?|text)"
    r"|(?:information|data|documents?|text) (?:available|provided|given|supplied)|kontext|textstellen|passagen"
    r"|abschnitten"
    r"|(?:vorliegenden|gegebenen|bereitgestellten|verfugbaren) \w+|contexte|extraits|(?:informations?|donnees|elements"
    r"|documents|texte) (?:fourni|donne|disponible)\w*|contexto|fragmentos|pasajes|trechos|(?:informacion|datos|texto"
    r"|documentos|informac\w+|dados) (?:disponib|disponive|proporcionad|dad|suministrad|fornecid|apresentad)\w*"
    r"|contesto"
    r"|brani|passaggi|(?:informazioni|dati|testo|documenti) (?:disponibil|fornit)\w*|fragmenten|(?:beschikbare|gegeven"
    r"|verstrekte) \w+|kontekstu|fragmentow|(?:dostepnych|podanych|dostarczonych) \w+)\b(?! plan)"
)
_NOBODY_CAN = re.compile(
    r"\b(?:not possible|impossible|no way|not be|not clear|cannot be|can't be|unclear|unmoglich|nicht moglich"
    r"|(?:lasst|lassen|kann|ist)\b.*\bnicht (?:\w+ )?(?=sagen|beantwort|bestimm|ermittel|feststell|beurteil|ersicht"
    r"|zu )"
    r"|(?:n'est|pas|il est im) ?(?:pas )?possible|on ne peut(?: pas)?|no (?:es|se|seria|resulta) (?:posible|puede)"
    r"|non (?:e|si) (?:possibile|puo)|nao (?:e|foi|ha|da) (?:possivel|como|para)|(?:is|lijkt) (?:het )?(?:niet mogelijk"
    r"|onmogelijk)|is niet (?=duidelijk|te )|kan .*\bniet worden|(?:nie )?(?:mozna|da sie|sposob)|niemozliwe)"
)
_FIND_OUT = re.compile(
    r"\b(?:answer|sa(?:y|id)|determin|know|tell|told|infer|establish|conclude|beantwort|sagen|bestimm"
    r"|ermittel|feststell|beurteil|ersicht|repond|savoir|dire|deduire|etablir|respond|saber|decir|deducir"
    r"|conocer|rispond|sapere|stabilir|dedurre|capire|dizer|inferir|beantwoord|zeggen|bepalen|achterhalen"
    r"|vast te stellen"
    r"|odpowied|ustal|okresl|stwierdz|powiedz)"
)


_ANSWERS = re.compile(
    r"\b(?:answer|relevan|beantwort|repond|respond\w*\b(?= (?:a|la)\b)|rispond|beantwoord|antwoord|odpowiada|pertinen)"
    r"|回答|相关|相關|(?:質問|問い)[^、]{0,6}(?:答え|関係)"
)
_QUESTION = re.compile(r"\b(?:question|frage|pregunta|domanda|pergunta|vraag|pytani)|问题|問題|質問|問い")
_SOURCE = re.compile(
    r"\b(?:according to|based on|as per|laut|gemass|selon|d'apres|segun|secondo|segundo|de acordo|de acuerdo|volgens"
    r"|wedlug"
    r"|zgodnie)\b|根据|根據|によると|によれば"
)


@lru_cache(maxsize=256)
def answers_nothing(head: str) -> bool:
    """Return whether something is said not to answer the question, or to be beside it."""
    return bool(
        _QUESTION.search(head) and _ANSWERS.search(head) and _NEGATION.search(head) and not _SOURCE.search(head)
    )


@lru_cache(maxsize=256)
def denies_answer(head: str) -> bool:
    """Return whether it is said that nobody can find something out from what was given."""
    with_data, denied = _WITH_DATA.search(head), _NOBODY_CAN.search(head)
    return bool(with_data and denied and _FIND_OUT.search(head, denied.start()))


def is_negative(plain: str) -> bool:
    """Return whether a folded text denies anything, in any of the languages."""
    return _NEGATION.search(plain) is not None or _FURTHER_NEGATION.search(plain) is not None


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
