"""How German and Dutch say that something is not known or not found."""

from __future__ import annotations

from ragvsft.scorers.declining import Language

GERMAN = Language(
    lead_in=r"antwort ?:|(?:es )?tut mir(?: sehr)? leid|entschuldigung|entschuldige\w*|leider|sorry|bedaure"
    r"|ich bedaure"
    r"|also|nun|hm+",
    but=r"aber|jedoch|allerdings|dennoch|trotzdem|obwohl",
    guess=r"vermutlich|wahrscheinlich|vielleicht|moglicherweise|wohl|ich (?:glaube|denke|vermute|nehme an)",
    refusal=r"(?:\w+ ){0,2}weiss ich (?:\w+ ){0,3}nichts?\b|ich weiss (?:\w+ ){0,4}nichts?\b|weiss nicht\b"
    r"|(?:\S+ ){0,3}(?:kann|konnte) ich\b.*\b(?:nicht|nichts|keine\w*)\b.*(?:beantworten|sagen|finden|feststellen"
    r"|ermitteln"
    r"|entnehmen|beurteilen|helfen|antwort\w*|auskunft|angaben)"
    r"|ich (?:kann|konnte)\b.*\b(?:nicht|nichts|keine\w*)\b.*(?:beantworten|sagen|finden|feststellen"
    r"|ermitteln|entnehmen|beurteilen|helfen|antwort\w*|auskunft|angaben)"
    r"|(?:\S+ ){0,2}(?:habe|finde|fand|sehe) ich\b.*\b(?:nichts|kein\w*)\b(?:.*(?:information\w*|angaben?|antwort"
    r"|hinweis\w*"
    r"|ahnung|auskunft|idee|gefunden)|(?<=nichts)(?= (?:im|in|dazu|daruber|hierzu)|[,\s]*$))"
    r"|ich (?:habe|finde|kenne|sehe|fand)\b.*\b(?:nichts|kein\w*|nicht)\b.*(?:gefunden|information\w*|angaben?"
    r"|antwort|hinweis\w*"
    r"|ahnung|auskunft|idee)|ich kenne die antwort nicht|ich finde (?:dazu|daruber|hierzu|im|in) .*nichts"
    r"|(?:\S+ ){0,2}bin (?:ich )?(?:mir )?(?:\w+ )?(?:uberfragt|unsicher|nicht (?:\w+ )?sicher)"
    r"|ich bin (?:mir )?(?:\w+ ){0,2}(?:uberfragt|unsicher|nicht (?:\w+ )?sicher)"
    r"|(?:\S+ ){0,2}(?:liegen|liegt) (?:mir|uns|hier)\b.*\b(?:keine\w*|nichts)\b.*\bvor\b"
    r"|mir (?:liegen|liegt)\b.*\b(?:keine\w*|nichts)\b.*\bvor\b|mir (?:fehlen|fehlt)\b.*(?:information\w*|angaben?)"
    r"|mir (?:ist|sind)\b.*(?:nicht bekannt|unbekannt|nicht klar)"
    r"|(?:\S+ ){0,2}ist mir nicht bekannt"
    r"|(?:das|dies|es|die (?:frage|antwort)|diese frage|dazu|hierzu|daruber)\b.*\b(?:lasst"
    r"|lassen) sich\b.*\bnichts?\b.*(?:sagen"
    r"|beantworten|feststellen|ermitteln|entnehmen|ableiten|beurteilen)"
    r"|(?:die|diese) frage (?:kann|ist|lasst|bleibt)\b.*(?:nicht .*beantwort\w*|unbeantwort\w*)|(?:das|dies"
    r"|es) (?:wird|ist) (?:\w+ )?(?:nicht|nirgends)"
    r" (?:\w+ )?(?:erwahnt|genannt|angegeben|gesagt|beschrieben|ersichtlich)"
    r"|es (?:gibt|liegen) (?:\w+ )?keine (?:\w+ )?(?:angaben?|informationen|auskunft|hinweise?)(?: (?:zu|uber|dazu"
    r"|vor|im|in)\b|$)"
    r"|(?:daruber|dazu|davon|hierzu) (?:steht|stehen|ist|wird|gibt es|findet sich) .*\b(?:nichts?|kein\w*)\b"
    r"|da muss ich passen|(?:das )?entzieht sich meiner",
    whole=r"unbekannt|keine ahnung|keine (?:angaben?|information(?:en)?|antwort|auskunft)(?: (?:vorhanden|moglich"
    r"|verfugbar"
    r"|gefunden|dazu|daruber|hierzu|(?:zu|im|in)(?: \S+){1,4}))?|nicht (?:angegeben|bekannt|genannt|erwahnt"
    r"|ersichtlich|gefunden"
    r"|beantwortbar)(?: (?:im|in)\b.*)?|nicht (?:im|in) .*(?:enthalten|genannt|erwahnt|angegeben)|weiss nicht"
    r"|nicht zu beantworten|schwer zu sagen|kann ich nicht sagen|keinen schimmer",
    context=r"(?:passagen?|kontext(?:es)?|textauszug\w*|auszuge?n?|ausschnitte?n?|textstellen?|texten?|dokumenten?"
    r"|unterlagen|quellen|abschnitten?|textabschnitte?n?|(?:gegebenen|vorliegenden|bereitgestellten) \w+)",
    text=r"(?:text(?:es)?|dokument(?:s|es)?|artikel|quelle|material)(?! \d)",
    paper=r"(?:vertrag|police|polizze|handbuch|anleitung|gesetz|satzung|ordnung|leitfaden|mietvertrag|richtlinie"
    r"|broschure)",
    unsaid=r"(?:steht|stehen|findet|finden|sagt|sagen|gibt|geben|erwahn\w+|nenn\w+|verrat\w*|spricht|geht|ist|wird"
    r"|werden)\b.*"
    r"\b(?:nichts|keine (?:\w+ )?(?:rede|angaben?|informationen|hinweise?|antwort|auskunft)|nicht (?:\w+ )?(?:hervor"
    r"|erwahnt"
    r"|genannt|angegeben|gesagt|beschrieben|ersichtlich|zu entnehmen|die rede))|(?:erwahn|nenn|beantwort"
    r"|spezifizier)\w*"
    r" (?:\S+ ){0,5}nicht\b|\bsagt (?:\w+ )?nicht\b|\bnicht (?:\w+ )?(?:beantworten|beantwortet|erkennen|entnehmen"
    r"|ersichtlich"
    r"|hervor|erwahnt|genannt|angegeben|gefunden)|keine (?:\w+ )?(?:angaben?|informationen?|hinweise?|antwort"
    r"|auskunft)"
    r"|(?:information\w*|antwort|angaben?|auskunft)\b.*\bnicht (?:\w+ )?(?:enthalten|vorhanden|verfugbar|zu finden)",
    unheld=r"(?:enthalt|enthalten|umfasst|liefern?|liefert|behandeln?|behandelt)\b.*\b(?:nicht|nichts|kein\w*)\b",
    vague=r"(?:ist|sind) (?:nicht bekannt|unbekannt|unklar|nicht angegeben)[,\s]*$",
    aside=r"bitte\b|(?:fragen|wenden) sie\b|(?:sie|es) (?:\w+ )?(?:handeln|handelt|behandeln|nennen|geht) nur\b",
)

DUTCH = Language(
    lead_in=r"antwoord ?:|sorry|het spijt me|helaas|excuses|jammer genoeg|(?:volgens|op basis van"
    r"|op grond van) [^,]*(?=,)",
    but=r"maar|echter|toch|hoewel|niettemin",
    guess=r"waarschijnlijk|misschien|vermoedelijk|mogelijk|ik (?:denk|geloof|vermoed|neem aan)",
    refusal=r"ik weet (?:\w+ ){0,4}niets?\b|(?:\w+ ){1,2}weet ik (?:\w+ ){0,2}niets?\b|weet ik niet\b"
    r"|(?:\w+ ){0,3}(?:kan|kon) ik\b.*\b(?:niets?|geen)\b.*(?:vinden|zeggen|beantwoorden|antwoord\w*|bepalen|helpen"
    r"|vaststellen)"
    r"|ik (?:kan|kon)\b.*\b(?:niets?|geen)\b.*(?:vinden|zeggen|beantwoorden|antwoord\w*|bepalen|helpen|vaststellen)"
    r"|ik (?:heb|vind|zie|ken)\b.*\b(?:niets?|geen)\b.*(?:informatie|idee|antwoord|gevonden|gegevens)|ik (?:heb|vind"
    r"|zie) (?:\w+ )?niets (?:\w+ )?over\b"
    r"|ik ken het antwoord niet|ik ben (?:\w+ )?(?:niet (?:\w+ )?zeker|onzeker)|ik zou het niet weten"
    r"|er (?:is|staat|wordt) (?:\w+ )?(?:geen (?:informatie|antwoord|vermelding)(?: (?:over|in|bekend|beschikbaar)\b"
    r"|$)"
    r"|niets (?:over|bekend|vermeld)|niet vermeld)"
    r"|(?:dat|dit|het|de vraag|deze vraag) (?:valt|is|kan|laat zich|wordt) (?:\w+ )?niet (?:te (?:zeggen"
    r"|beantwoorden|bepalen|achterhalen)"
    r"|beantwoord|bepaald|vermeld|genoemd|gezegd)|(?:dat|dit|het) staat (?:er )?(?:nergens|niet)(?: (?:in|vermeld"
    r"|bij)\b|[,\s]*$)|onmogelijk te (?:zeggen|beantwoorden)",
    whole=r"onbekend|geen idee|geen (?:informatie|antwoord|gegevens)(?: (?:beschikbaar|gevonden|over(?: \S+){1,4}))?"
    r"|niet (?:vermeld|bekend"
    r"|genoemd|gespecificeerd|aangegeven|gevonden|te zeggen|beschikbaar)(?: (?:in|door)\b.*)?|moeilijk te zeggen"
    r"|joost mag het weten",
    context=r"(?:passages?|context|fragment(?:en)?|teksten|documenten|bronnen|uittreksels?|(?:gegeven"
    r"|verstrekte) \w+)",
    text=r"(?:tekst|document|artikel|bron|pagina)(?! \d)",
    paper=r"(?:contract|polis|handleiding|handboek|wet|reglement|huurcontract|overeenkomst|gids|bijsluiter)",
    unsaid=r"(?:zeg\w*|vermeld\w*|noem\w*|specificeer\w*|bespreek\w*|bespreken|beantwoord\w*|staat|staan|geef\w*"
    r"|geven|meld\w*)\b.*\b(?:niets?|nergens"
    r"|geen (?:\w+ )?(?:informatie|antwoord|melding|vermelding|uitsluitsel))|niet (?:\w+ )?(?:vermeld|genoemd|gezegd"
    r"|aangegeven|te (?:zeggen"
    r"|beantwoorden|bepalen|vinden|achterhalen)|gevonden)|geen (?:\w+ )?(?:informatie|antwoord|vermelding|melding)"
    r"|\bzwijg\w*",
    unheld=r"(?:bevat\w*|dekt|dekken|omvat\w*|behandel\w*|bied\w*)\b.*\b(?:niets?|geen)\b",
    vague=r"is (?:niet bekend|onbekend|onduidelijk|niet vermeld)[,\s]*$",
    aside=r"(?:gelieve|vraag|neem contact|raadpleeg|u kunt)\b|alstublieft\b|(?:ze|die|het) (?:\w+ )?alleen\b",
)
