"""How French, Spanish, Italian and Portuguese say that something is not known or not found."""

from __future__ import annotations

from ragvsft.scorers.declining import Language

FRENCH = Language(
    lead_in=r"reponse ?:|(?:je suis )?(?:vraiment )?desolee?|malheureusement|pardon|excusez[- ]moi|navree?|helas"
    r"|(?:d'apres|selon|sur la base de) [^,]*(?=,)",
    but=r"mais|cependant|toutefois|pourtant|neanmoins|bien que",
    guess=r"probablement|peut-etre|sans doute|je (?:pense|crois|suppose)",
    refusal=r"(?:je |j')(?:ne |n')?(?:le |en |l'|y )?(?:sais|connais)\b.*\b(?:pas|rien)\b|j'ignore|je l'ignore"
    r"|je n'(?:en )?ai (?:\w+ )?(?:pas|aucune?|rien|nulle)\b.*(?:information|idee|reponse|trouve|precision"
    r"|indication|acces)"
    r"|je (?:ne )?(?:dispose|possede|trouve|vois)\b.*\b(?:pas|aucune?|rien)\b.*(?:information|reponse|mention"
    r"|indication|dans)"
    r"|je ne (?:peux|puis|parviens|saurais|suis)\b.*(?:repondre|dire|determiner|trouver|confirmer|aider|sure?\b"
    r"|certaine?)"
    r"|(?:il (?:est|m'est) )?(?:impossible|difficile|pas possible) (?:de|a) (?:repondre|dire|savoir|determiner"
    r"|le dire)"
    r"|il n'y a (?:pas|aucune?) (?:d'|de )?(?:information|mention|reponse|indication)\w*(?: (?:sur|concernant|a|dans"
    r"|disponible)|$)"
    r"|(?:cela|ce|ceci|c'|la reponse|l'information|cette information|rien)\b(?: |')?n'(?:est|y est"
    r"|a) (?:pas )?(?:\w+ )?(?:precise"
    r"|mentionne|indique|specifie|dit|disponible|connue)|on ne (?:le )?(?:sait|peut le (?:dire|savoir)) pas[,\s]*$"
    r"|(?:cela|ca) depasse mes connaissances",
    whole=r"inconnue?|aucune idee|mystere|(?:non|pas) (?:precise|mentionne|indique|specifie|renseigne|communique"
    r"|trouve)e?s?"
    r"(?: (?:dans|par|ici)\b.*)?|aucune? (?:information|reponse|mention|donnee|precision)(?: (?:disponible|trouvee"
    r"|fournie"
    r"|donnee))?(?: (?:sur|a ce sujet|dans)(?: \S+){0,4})?|information (?:non disponible|indisponible|introuvable"
    r"|manquante)"
    r"|sans reponse|pas de reponse|je donne ma langue au chat|pas d'information\w*",
    context=r"(?:passages?|contexte|extraits?|textes|sources|documents|(?:informations|elements|texte"
    r"|document) (?:fourni|donne)\w*)",
    text=r"(?:texte|document|article|source|page)(?! \d)",
    paper=r"(?:contrat|police|bail|manuel|notice|reglement|loi|accord|guide|convention|brochure)",
    unsaid=r"n(?:e |')(?:\w+ )?(?:dit|disent|mentionn\w+|precis\w+|indiqu\w+|specifi\w+|parl\w+|evoqu\w+|abord\w+"
    r"|permet\w* (?:pas )?(?:de |d')?(?:repondre|savoir|determiner)|repond\w*|expliqu\w+)\b|(?:pas|non|jamais"
    r"|nulle part) (?:\w+ )?(?:mentionne|precise|indique|specifie|dit|evoque|trouve)\w*"
    r"|aucune? (?:\w+ )?(?:mention|information|indication|reponse|precision|reference)|\brien (?:sur|a ce sujet"
    r"|n'(?:est|y est) (?:dit|precise|indique|mentionne))|\bmuets?\b"
    r"|pas d'(?:information|indication)|pas de (?:mention|reponse)|\bimpossible de (?:repondre|dire|savoir"
    r"|determiner)"
    r"|(?:information|reponse)s?\b.*\bn'(?:est|y est|sont|y figure|apparait)\b",
    unheld=r"n(?:e |')(?:\w+ )?(?:contien\w+|fourni\w+|donn\w+|couvr\w+|inclu\w+|compren\w+)",
    vague=r"n'est pas (?:connue?|precisee?|indiquee?)[,\s]*$|(?:est|reste) inconnue?[,\s]*$",
    aside=r"veuillez\b|(?:vous|il faudrait) (?:\w+ ){0,2}(?:demander|contacter|consulter)|ils? ne (?:\w+ )?que\b",
)

SPANISH = Language(
    lead_in=r"respuesta ?:|lo siento(?: mucho)?|lo lamento|lamentablemente|desafortunadamente|por desgracia|perdon"
    r"|disculp\w+"
    r"|(?:segun|de acuerdo con|con base en) [^,]*(?=,)",
    but=r"pero|sin embargo|aunque|no obstante",
    guess=r"probablemente|quizas?|tal vez|posiblemente|seguramente|creo que|supongo",
    refusal=r"(?:yo )?(?:la verdad )?no lo se\b|(?:yo )?no se(?=[,\s]*$|,| (?:la respuesta|decir\w*|quien|que|cual"
    r"|cuando|cuanto\w*"
    r"|donde|como|si|nada|responder)\b)|(?:yo )?no (?:conozco|dispongo|encuentro|encontre|veo|tengo|he encontrado"
    r"|cuento con)\b.*"
    r"(?:respuesta|informacion|dato|idea|mencion|nada (?:sobre|al respecto)|constancia)|(?:lo )?desconozco|lo ignoro"
    r"|(?:yo )?no (?:puedo|podria|sabria|logro|soy capaz de|estoy)\b.*(?:responder|decir\w*|determinar|encontrar"
    r"|contestar|confirmar"
    r"|ayudar\w*|segur[oa]|contestar\w*)|no (?:hay|existe) (?:\w+ )?(?:informacion|mencion|respuesta|datos"
    r"|indicacion)"
    r"(?: (?:sobre|acerca|al respecto|disponible|suficiente|en|para|de)\b|$)|(?:eso |esto "
    r"|esta informacion )?no se (?:menciona"
    r"|especifica|indica|dice|precisa)\b(?=[,\s]*$|.*\b(?:en|por)\b)|(?:es )?imposible (?:responder|saber|decir"
    r"|determinar)"
    r"|no (?:se|es) (?:puede|posible) (?:\w+ )?(?:responder|saber|determinar|contestar|decir)(?: (?:a partir|con"
    r"|esa?|esta?|la)\b|$)",
    whole=r"desconocid[oa]|ni idea|(?:no|sin) (?:especificad|mencionad|indicad|precisad|disponibl)\w+(?: (?:en"
    r"|por)\b.*)?"
    r"|sin (?:informacion|respuesta|datos)|(?:no hay|ninguna|sin) (?:informacion|respuesta)(?: disponible)?"
    r"|informacion no (?:disponible|encontrada)|no consta(?: en\b.*)?|no aparece|no se sabe|no esta claro|quien sabe",
    context=r"(?:pasajes?|contexto|fragmentos?|extractos?|textos|documentos|fuentes|(?:informacion|texto|documento)"
    r" (?:proporcionad|dad|suministrad)\w+)",
    text=r"(?:texto|documento|articulo|fuente|pagina)(?! \d)",
    paper=r"(?:contrato|poliza|manual|reglamento|ley|acuerdo|guia|convenio|folleto|prospecto)",
    unsaid=r"no (?:lo |la |se |esta |ha sido |aparece )?(?:\w+ )?(?:dicen?|mencion\w+|indic\w+|especific\w+"
    r"|precis\w+|habla\w*|trata\w*"
    r"|aclara\w*|explica\w*|respond\w+|permit\w+ (?:responder|saber|determinar)|alude\w*|consta\w*|encontr\w+"
    r"|aparece\w*|determinar)\b|\bnada (?:sobre|al respecto)|ningun\w* (?:\w+ )?"
    r"(?:mencion|informacion|indicacion|respuesta|referencia|dato)|(?:no|ni) hay (?:\w+ )?(?:mencion|informacion"
    r"|respuesta|datos)"
    r"|no (?:contien\w+|ofrec\w+|incluy\w+|proporcion\w+|da|dan) (?:\w+ )?(?:informacion|mencion|respuesta|datos)"
    r"|guarda\w* silencio"
    r"|(?:informacion|respuesta)\b.*\bno (?:esta|se encuentra|figura)\b",
    unheld=r"no (?:contien\w+|incluy\w+|proporcion\w+|cubr\w+|ofrec\w+|da|dan)\b",
    vague=r"no se (?:conoce|especifica|indica|menciona)[,\s]*$|(?:es|se) desconoc\w+[,\s]*$",
    aside=r"por favor\b|(?:puede|deberia|consulte|pregunte|contacte|le recomiendo)\b|(?:solo|solamente) (?:habla"
    r"|menciona|trata)\w*",
)

ITALIAN = Language(
    lead_in=r"risposta ?:|mi dispiace|mi spiace|spiacente|scusa\w*|purtroppo|sfortunatamente"
    r"|(?:secondo|in base a\w*|sulla base d\w+) [^,]*(?=,)",
    but=r"ma|pero|tuttavia|comunque|sebbene|anche se",
    guess=r"probabilmente|forse|magari|credo|penso|suppongo|presumibilmente",
    refusal=r"(?:io )?non (?:lo|ne) so\b|non ne ho (?:\w+ )?idea|(?:io )?non so(?=[,\s]*$|,| (?:\w+ )?(?:rispondere"
    r"|dire|dirlo|chi|che|cosa|quale|quando|quanto"
    r"|quant\w|dove|come|se|la risposta)\b)|(?:io )?non (?:saprei|posso|riesco a|sono in grado di"
    r"|sono)\b.*(?:rispondere|rispondere"
    r"|dir\w+|determinare|trovare|confermare|aiutar\w+|sicur[oa]|stabilire)|non saprei|(?:io )?non (?:ho|dispongo"
    r"|trovo|vedo|conosco)"
    r"\b.*(?:informazion\w+|idea|risposta|trovato|dati|menzione|indicazion\w+)|(?:lo )?ignoro"
    r"|non (?:ci sono|c'e|esistono) (?:\w+ )?(?:informazion\w+|menzione|risposta|indicazion\w+)(?: (?:su\w*|in"
    r"|al riguardo|ne\w+"
    r"|disponibil\w+|sufficient\w+|per)\b|$)|(?:e )?impossibile (?:rispondere|dire|dirlo|sapere|determinare)"
    r"|non (?:e possibile|si puo) (?:rispondere|dire|sapere|determinare|stabilire)(?: (?:in base|dai|dal|da|se|con"
    r"|a)\b|$)"
    r"|(?:questo |cio )?non (?:e|viene) (?:\w+ )?(?:specificat|menzionat|indicat|precisat|dett)o\b(?=[,\s]*$"
    r"|.*\b(?:ne\w*|da\w*|in)\b)",
    whole=r"sconosciut[oa]|boh|nessuna idea|non (?:specificat|menzionat|indicat|precisat|disponibil"
    r"|not)\w+(?: (?:ne\w+|in|da\w+)\b.*)?"
    r"|nessuna (?:informazione|risposta)(?: (?:disponibile|trovata|in merito|al riguardo))?"
    r"|informazion\w+ (?:non disponibil\w+"
    r"|assent\w+)|chi lo sa|senza risposta|non si sa|non e chiaro",
    context=r"(?:brani|brano|contesto|passaggi|passaggio|estratt[oi]|testi|documenti|fonti|(?:informazioni|testo"
    r"|documento) (?:fornit|dat)\w+)",
    text=r"(?:testo|documento|articolo|fonte|pagina)(?! \d)",
    paper=r"(?:contratto|polizza|manuale|regolamento|legge|accordo|guida|foglietto|statuto)",
    unsaid=r"non (?:lo |ne |si |e |viene |vengono )?(?:\w+ )?(?:dic\w+|menzion\w+|indic\w+|specific\w+|precis\w+"
    r"|parl\w+|tratt\w+|chiari\w+"
    r"|spieg\w+|rispond\w+|permett\w+ (?:di )?(?:rispondere|sapere|determinare)|accenn\w+|dett[oa]|figura\w*"
    r"|compar\w+|determin\w+)\b|\b(?:nulla|niente) (?:su\w*|al riguardo|in merito)|nessun\w* (?:\w+ )?"
    r"(?:menzione|informazione|indicazione|risposta|riferimento)|non (?:ci sono|c'e) (?:\w+ )?(?:informazion\w+"
    r"|menzione|risposta)"
    r"|non (?:contien\w+|contengono|forni\w+|offr\w+|da|danno) (?:\w+ )?(?:informazion\w+|risposta|indicazion\w+)"
    r"|tacciono|\btace\b"
    r"|(?:informazion\w+|risposta)\b.*\bnon (?:e|si trova|compare|figura)\b",
    unheld=r"non (?:contien\w+|contengono|includ\w+|forni\w+|copr\w+|offr\w+|danno|da)\b",
    vague=r"non e (?:not[oa]|specificat[oa]|indicat[oa])[,\s]*$|e (?:ignot[oa]|sconosciut[oa])[,\s]*$",
    aside=r"per favore\b|(?:puo|potrebbe|dovrebbe|consigli\w+|contatt\w+|consult\w+|chied\w+)\b|si parla solo\b",
)

PORTUGUESE = Language(
    lead_in=r"resposta ?:|desculp\w+|lamento|infelizmente|sinto muito|perdao|lamentavelmente|peco desculpa"
    r"|(?:segundo|de acordo com|com base em|com base n\w+) [^,]*(?=,)",
    but=r"mas|porem|contudo|no entanto|todavia|embora",
    guess=r"provavelmente|talvez|possivelmente|acho que|creio|suponho",
    refusal=r"(?:eu )?nao (?:o )?sei\b|(?:eu )?nao (?:faco|tenho|encontrei|encontro|achei|vejo|conheco|disponho"
    r"|possuo)\b.*(?:informac\w+"
    r"|ideia|resposta|dados|mencao|nada (?:sobre|a respeito)|indicac\w+|certeza)|(?:eu )?nao (?:consigo|posso|pude"
    r"|sou capaz de|saberia|estou)\b.*"
    r"(?:responder|dizer|determinar|encontrar|confirmar|ajudar|cert[oa]|segur[oa])|desconheco|ignoro"
    r"|nao (?:ha|existem?) (?:\w+ )?(?:informac\w+|mencao|resposta|indicac\w+)(?: (?:sobre|a respeito|acerca|no|na"
    r"|nos|nas|disponive\w+"
    r"|suficiente\w*|para)\b|[,\s]*$)|(?:e )?impossivel (?:responder|saber|dizer|determinar)|nao (?:e"
    r"|foi) possivel (?:responder|saber"
    r"|dizer|determinar|encontrar)(?: (?:com|a|essa?|esta?|se|nos?|nas?)\b|[,\s]*$)|(?:isso |isto )?nao (?:consta"
    r"|e mencionad\w"
    r"|e especificad\w|e indicad\w|esta indicad\w)\b(?=[,\s]*$|.*\b(?:n[oa]s?|em|pel\w+)\b)",
    whole=r"desconhecid[oa]|(?:nenhuma|sem|nao faco) (?:ideia|informacao|resposta)(?: disponivel)?"
    r"|nao (?:especificad|mencionad|indicad"
    r"|informad|disponiv)\w+(?: (?:n[oa]s?|em|pel\w+)\b.*)?|informacao (?:nao disponivel|indisponivel|ausente)"
    r"|sem dados|nao se sabe"
    r"|nao esta claro|quem sabe|sei la",
    context=r"(?:trechos?|contexto|passagens|passagem|excertos?|textos|documentos|fontes|(?:informacoes|texto"
    r"|documento) (?:fornecid|dad)\w+)",
    text=r"(?:texto|documento|artigo|fonte|pagina)(?! \d)",
    paper=r"(?:contrato|apolice|manual|regulamento|lei|acordo|guia|bula|convencao|folheto)",
    unsaid=r"nao (?:o |se |e |sao |esta |foi )?(?:\w+ )?(?:diz\w*|mencion\w+|indic\w+|especific\w+|precis\w+|fala\w*"
    r"|trata\w*|esclarec\w+"
    r"|explic\w+|respond\w+|permit\w+ (?:responder|saber|determinar)|informa\w*|consta\w*|aparec\w+|encontr\w+)\b"
    r"|\bnada (?:sobre|a respeito)|nenhuma? (?:\w+ )?(?:mencao|informacao"
    r"|indicacao|resposta|referencia)|nao ha (?:\w+ )?(?:mencao|informac\w+|resposta)|nao (?:contem|fornec\w+"
    r"|oferec\w+|da|dao|traz\w*)"
    r" (?:\w+ )?(?:informac\w+|resposta|indicac\w+)|nao e possivel (?:responder|saber|dizer|determinar)|silencios?\w*"
    r"|(?:informacao|resposta)\b.*\bnao (?:esta|se encontra|figura)\b",
    unheld=r"nao (?:contem|inclu\w+|fornec\w+|cobr\w+|oferec\w+|traz\w*|da|dao)\b",
    vague=r"nao e (?:conhecid[oa]|especificad[oa]|indicad[oa])[,\s]*$|e desconhecid[oa][,\s]*$",
    aside=r"por favor\b|(?:voce pode|consulte|pergunte|contate|sugiro|recomendo)\b|(?:so|apenas) (?:fala|menciona"
    r"|trata)\w*",
)
