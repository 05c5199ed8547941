"""How German and Dutch say that something is not known or not found."""

from __future__ import annotations

from ragvsft.scoring.scorers.declining import Language

GERMAN = Language(
    lead_in=r"(?:die )?antwort(?: lautet| ist)? ?:|(?:es )?tut mir(?: sehr)? leid|entschuldigung|entschuldige\w*"
    r"|leider|sorry|bedaure"
    r"|ich bedaure|also|nun|hm+",
    but=r"aber|jedoch|allerdings|dennoch|trotzdem|obwohl",
    guess=r"vermutlich|wahrscheinlich|vielleicht|moglicherweise|wohl|ich (?:glaube|denke|vermute|nehme an)",
    refusal=r"ich (?:brauche|brauchte|benotige) (?:mehr|weitere) (?:kontext|informationen|angaben|details)"
    r"|(?:mir fehlen|es fehlen|ich habe zu wenig\w*|zu wenig\w*) (?:\w+ ){0,3}(?:informationen|angaben|kontext)"
    r"|(?:\w+ ){0,2}(?:fehlen|fehlt) mir\b.*(?:information\w*|angaben?|kontext|details|daten)"
    r"|(?:in den (?:\w+ )?(?:passagen|texten|textstellen|auszugen|abschnitten)|im kontext)"
    r" (?:\w+ )?(?:gibt es|findet sich|finden sich|steht|stehen)\b.*\b(?:kein\w*|nichts)|keinen blassen"
    r"|im (?:\w+ )?(?:text|dokument|kontext)\w* (?:steht|stehen) (?:\w+ )?nicht\b|(?:\S+ ){0,4}(?:steht"
    r"|stehen) (?:\w+ )?nichts? (?:im|in den|in der) (?:\w+ )?(?:text\w*|kontext|dokument\w*"
    r"|passagen|unterlagen|abschnitten|quellen?)\b"
    r"|woher soll ich das wissen|(?:\S+ ){0,6}kommt (?:darin|dort|da|in .{0,30}) nicht vor"
    r"|(?:\S+ ){0,4}(?:steht|stehen) (?:da|dort|darin|hier) (?:nicht|nirgends)|(?:das|dies"
    r"|es) ist (?:\w+ )?nicht (?:angegeben|erwahnt|genannt|vermerkt)|das (?:kann"
    r"|konnte) (?:man )?(?:\w+ )?nicht (?:sagen|beantworten)|(?:\w+ ){0,2}weiss ich (?:\w+ ){0,3}nichts?\b"
    r"|ich weiss (?:\w+ ){0,4}nichts?\b|weiss nicht\b|(?:\S+ ){0,3}(?:kann|konnte) ich\b.*\b(?:nicht|nichts"
    r"|keine\w*)\b.*(?:beantworten|sagen|finden|feststellen|ermitteln|entnehmen|beurteilen|helfen|antwort\w*|auskunft"
    r"|angaben)|ich (?:kann|konnte)\b.*\b(?:nicht|nichts|keine\w*)\b.*(?:beantworten|sagen|finden|feststellen"
    r"|ermitteln|entnehmen|beurteilen|helfen|antwort\w*|auskunft|angaben)|(?:\S+ ){0,2}(?:habe|finde|fand"
    r"|sehe) ich\b.*\b(?:nichts|kein\w*)\b(?:.*(?:information\w*|angaben?|antwort|hinweis\w*|ahnung|auskunft|idee"
    r"|gefunden)|(?<=nichts)(?= (?:im|in|dazu|daruber|hierzu)|[,\s]*$))|ich (?:habe|finde|kenne|sehe"
    r"|fand)\b.*\b(?:nichts|kein\w*|nicht)\b.*(?:gefunden|information\w*|angaben?|antwort|hinweis\w*|ahnung|auskunft"
    r"|idee)|ich kenne die antwort nicht|ich finde (?:dazu|daruber|hierzu|im|in) .*nichts"
    r"|(?:\S+ ){0,2}bin (?:ich )?(?:mir )?(?:\w+ )?(?:uberfragt|unsicher|nicht (?:\w+ )?sicher)"
    r"|ich bin (?:mir )?(?:\w+ ){0,2}(?:uberfragt|unsicher|nicht (?:\w+ )?sicher)|(?:\S+ ){0,2}(?:liegen"
    r"|liegt) (?:mir|uns|hier)\b.*\b(?:keine\w*|nichts)\b.*\bvor\b|mir (?:liegen|liegt)\b.*\b(?:keine\w*"
    r"|nichts)\b.*\bvor\b|mir (?:fehlen|fehlt)\b.*(?:information\w*|angaben?)|mir (?:ist|sind)\b.*(?:nicht bekannt"
    r"|unbekannt|nicht klar)|(?:\S+ ){0,2}ist mir nicht bekannt|(?:das|dies|es|die (?:frage|antwort)|diese frage|dazu"
    r"|hierzu|daruber)\b.*\b(?:lasst|lassen) sich\b.*\bnichts?\b.*(?:sagen|beantworten|feststellen|ermitteln"
    r"|entnehmen|ableiten|beurteilen)|(?:die|diese) frage (?:kann|ist|lasst|bleibt)\b.*(?:nicht .*beantwort\w*"
    r"|unbeantwort\w*)|(?:das|dies|es) (?:wird|ist) (?:\w+ )?(?:nicht|nirgends) (?:\w+ )?(?:erwahnt|genannt|angegeben"
    r"|gesagt|beschrieben|ersichtlich)|es (?:gibt|liegen) (?:\w+ )?keine (?:\w+ )?(?:angaben?|informationen|auskunft"
    r"|hinweise?)(?: (?:zu|uber|dazu|vor|im|in)\b|$)|(?:daruber|dazu|davon|hierzu) (?:steht|stehen|ist|wird|gibt es"
    r"|findet sich) .*\b(?:nichts?|kein\w*)\b|da muss ich passen|(?:das )?entzieht sich meiner",
    whole=r"unbekannt|keine ahnung|keine (?:angaben?|information(?:en)?|antwort|auskunft)(?: (?:vorhanden|moglich"
    r"|verfugbar|gefunden|dazu|daruber|hierzu|(?:zu|im|in)(?: \S+){1,4}))?|nicht (?:angegeben|bekannt|genannt|erwahnt"
    r"|ersichtlich|gefunden|beantwortbar)(?: (?:im|in)\b.*)?|nicht (?:im|in) .*(?:enthalten|genannt|erwahnt"
    r"|angegeben)|weiss nicht|nicht zu beantworten|schwer zu sagen|kann ich nicht sagen|keinen schimmer",
    context=r"(?:passagen?|kontext(?:es)?|textauszug\w*|auszuge?n?|ausschnitte?n?|textstellen?|texten?|dokumenten?"
    r"|unterlagen|quellen|abschnitten?|textabschnitte?n?|(?:gegebenen|vorliegenden|bereitgestellten) \w+)",
    text=r"(?:text(?:es)?|dokument(?:s|es)?|artikel|quelle|material)(?! \d)",
    paper=r"(?:vertrag|police|polizze|handbuch|anleitung|gesetz|satzung|ordnung|leitfaden|mietvertrag|richtlinie"
    r"|broschure)",
    unsaid=r"\bnichts (?:in|im|aus)\b|\bkein\w* (?:\w+ )?(?:aufschluss|anhaltspunkt\w*|auskunft|hinweis\w*)"
    r"|\bnicht (?:\w+ )?(?:thematisiert|behandelt|angesprochen|aufgefuhrt|spezifiziert|beziffert|erlautert|ableiten"
    r"|herleiten|ersehen|herauslesen)|aussert sich\b.*\bnicht|geh(?:t|en) (?:\w+ ){0,3}nicht (?:\w+ )?ein\b"
    r"|\bnicht (?:\w+ )?(?:zu entnehmen|entnehmbar|enthalten|auffindbar|abzulesen|vermerkt|sagen|bestimmen"
    r"|feststellen|ermitteln)|\bkeine (?:\w+ )?(?:zahl|zahlen|aussage|erwahnung|daten)\b|kommt\b.*\bnicht vor"
    r"|(?:steht|stehen|findet|finden|sagt|sagen|gibt|geben|erwahn\w+|nenn\w+|verrat\w*|spricht|geht|ist|wird"
    r"|werden)\b.*\b(?:nichts|keine (?:\w+ )?(?:rede|angaben?|informationen|hinweise?|antwort|auskunft)"
    r"|nicht (?:\w+ )?(?:hervor|erwahnt|genannt|angegeben|gesagt|beschrieben|ersichtlich|zu entnehmen|die rede))"
    r"|(?:erwahn|nenn|beantwort|spezifizier)\w* (?:\S+ ){0,5}nicht\b|\bsagt (?:\w+ )?nicht\b"
    r"|\bnicht (?:\w+ )?(?:beantworten|beantwortet|erkennen|entnehmen|ersichtlich|hervor|erwahnt|genannt|angegeben"
    r"|gefunden)|keine (?:\w+ )?(?:angaben?|informationen?|hinweise?|antwort|auskunft)|(?:information\w*|antwort"
    r"|angaben?|auskunft)\b.*\bnicht (?:\w+ )?(?:enthalten|vorhanden|verfugbar|zu finden)",
    unheld=r"(?:reich\w*|genug\w+) (?:\w+ )?nicht\b|nicht (?:ausreichend|genug)\b|unzureichend|(?:enthalt|enthalten"
    r"|umfasst|liefern?|liefert|behandeln?|behandelt)\b.*\b(?:nicht|nichts|kein\w*)\b",
    vague=r"(?:ist|sind) (?:nicht bekannt|unbekannt|unklar|nicht angegeben)[,\s]*$",
    aside=r"bitte\b|(?:fragen|wenden) sie\b|(?:sie|es) (?:\w+ )?(?:handeln|handelt|behandeln|nennen|geht) nur\b",
)

DUTCH = Language(
    lead_in=r"(?:het )?antwoord(?: is| luidt)? ?:|sorry|het spijt me|helaas|excuses|jammer genoeg|(?:volgens"
    r"|op basis van"
    r"|op grond van) [^,]*(?=,)",
    but=r"maar|echter|toch|hoewel|niettemin",
    guess=r"waarschijnlijk|misschien|vermoedelijk|mogelijk|ik (?:denk|geloof|vermoed|neem aan)",
    refusal=r"ik (?:heb|kreeg) (?:te weinig|onvoldoende|niet genoeg) (?:informatie|context|gegevens)"
    r"|ik zou het (?:\w+ )?niet weten|(?:\w+ ){0,3}(?:ik )?heb (?:ik )?\b.*\bniet kunnen (?:vinden|achterhalen"
    r"|bepalen)|in de (?:\w+ )?(?:teksten|passages|fragmenten|context) (?:is|staat|zijn|staan|valt"
    r"|wordt) (?:er )?(?:geen"
    r"|niets)\b|(?:\w+ ){1,2}(?:kan|kon) ik\b.*\bniet\b.*(?:halen|opmaken|afleiden|achterhalen)"
    r"|ik heb meer (?:context|informatie) nodig|(?:er is )?(?:te weinig"
    r"|onvoldoende|niet genoeg|niet voldoende) (?:informatie|context|gegevens)\b|(?:\w+ ){1,3}(?:heb|vind|zie"
    r"|beschik) ik\b.*\b(?:niets?"
    r"|geen)\b.*(?:informatie|idee|antwoord|gevonden|gegevens)|(?:daar|hier) weet ik (?:\w+ )?(?:niets|niks)"
    r"|ik weet (?:daar"
    r"|hier) (?:niets|niks)|niets (?:daar)?over (?:te )?(?:vinden|gevonden)|(?:het|een) antwoord (?:staat"
    r"|is) (?:\w+ )?niet|ik heb geen flauw|ik weet (?:\w+ ){0,4}niets?\b|(?:\w+ ){1,2}weet ik (?:\w+ ){0,2}niets?\b"
    r"|weet ik niet\b|(?:\w+ ){0,3}(?:kan|kon) ik\b.*\b(?:niets?|geen)\b.*(?:vinden|zeggen|beantwoorden|antwoord\w*"
    r"|bepalen|helpen|vaststellen)|ik (?:kan|kon)\b.*\b(?:niets?|geen)\b.*(?:vinden|zeggen|beantwoorden|antwoord\w*"
    r"|bepalen|helpen|vaststellen)|ik (?:heb|vind|zie|ken)\b.*\b(?:niets?|geen)\b.*(?:informatie|idee|antwoord"
    r"|gevonden|gegevens)|ik (?:heb|vind|zie) (?:\w+ )?niets (?:\w+ )?over\b|ik ken het antwoord niet"
    r"|ik ben (?:\w+ )?(?:niet (?:\w+ )?zeker|onzeker)|ik zou het niet weten|er (?:is|staat"
    r"|wordt) (?:\w+ )?(?:geen (?:informatie|antwoord|vermelding)(?: (?:over|in|bekend|beschikbaar)\b|$)"
    r"|niets (?:over|bekend|vermeld)|niet vermeld)|(?:dat|dit|het|de vraag|deze vraag) (?:valt|is|kan|laat zich"
    r"|wordt) (?:\w+ )?niet (?:te (?:zeggen|beantwoorden|bepalen|achterhalen)|beantwoord|bepaald|vermeld|genoemd"
    r"|gezegd)|(?:dat|dit|het) staat (?:er )?(?:nergens|niet)(?: (?:in|vermeld|bij)\b|[,\s]*$)"
    r"|onmogelijk te (?:zeggen|beantwoorden)",
    whole=r"onbekend|geen idee|geen (?:informatie|antwoord|gegevens)(?: (?:beschikbaar|gevonden|over(?: \S+){1,4}))?"
    r"|niet (?:vermeld|bekend|genoemd|gespecificeerd|aangegeven|gevonden|te zeggen|beschikbaar)(?: (?:in|door)\b.*)?"
    r"|moeilijk te zeggen|joost mag het weten",
    context=r"(?:passages?|context|fragment(?:en)?|teksten|documenten|bronnen|uittreksels?|(?:gegeven"
    r"|verstrekte) \w+)",
    text=r"(?:tekst|document|artikel|bron|pagina)(?! \d)",
    paper=r"(?:contract|polis|handleiding|handboek|wet|reglement|huurcontract|overeenkomst|gids|bijsluiter)",
    unsaid=r"ga(?:at|an) (?:\w+ )?(?:niet|nergens) (?:over|op in)|\bniets in\b|kom(?:t|en)\b.*\bniet voor|(?:gev\w*"
    r"|noem\w*) (?:\w+ )?geen\b(?= .*)|\bniet (?:\w+ ){0,2}(?:op te maken|af te leiden|te halen|te lezen|opgenomen"
    r"|terug te vinden)|(?:antwoord|informatie) (?:staat|is|komt) (?:\w+ )?(?:niet|nergens)|(?:noem|geef|vermeld"
    r"|meld)\w* (?:\w+ )?geen\b|kan\b.*\bniet (?:\w+ )?(?:worden )?(?:afgeleid|bepaald|beantwoord|gevonden)|(?:zeg\w*"
    r"|vermeld\w*|noem\w*|specificeer\w*|bespreek\w*|bespreken|beantwoord\w*|staat|staan|geef\w*|geven"
    r"|meld\w*)\b.*\b(?:niets?|nergens|geen (?:\w+ )?(?:informatie|antwoord|melding|vermelding|uitsluitsel))"
    r"|niet (?:\w+ )?(?:vermeld|genoemd|gezegd|aangegeven|te (?:zeggen|beantwoorden|bepalen|vinden|achterhalen)"
    r"|gevonden)|geen (?:\w+ )?(?:informatie|antwoord|vermelding|melding)|\bzwijg\w*",
    unheld=r"niet (?:voldoende|genoeg|toereikend)\b|onvoldoende\b|ge(?:ef|v)\w* (?:\w+ )?geen\b|(?:bevat\w*|dekt"
    r"|dekken|omvat\w*|behandel\w*|bied\w*)\b.*\b(?:niets?"
    r"|geen)\b",
    vague=r"is (?:niet bekend|onbekend|onduidelijk|niet vermeld)[,\s]*$",
    aside=r"(?:gelieve|vraag|neem contact|raadpleeg|u kunt)\b|alstublieft\b|(?:ze|die|het) (?:\w+ )?alleen\b",
)
