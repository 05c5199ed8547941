"""How French, Spanish, Italian and Portuguese say that something is not known or not found."""

from __future__ import annotations

from ragvsft.scoring.scorers.declining import Language

FRENCH = Language(
    lead_in=r"(?:la )?reponse(?: est)? ?:|(?:je suis )?(?:vraiment )?desolee?|malheureusement|pardon|excusez[- ]moi"
    r"|navree?|helas"
    r"|(?:d'apres|selon|sur la base de) [^,]*(?=,)",
    but=r"mais|cependant|toutefois|pourtant|neanmoins|bien que",
    guess=r"probablement|peut-etre|sans doute|je (?:pense|crois|suppose)",
    refusal=r"il (?:me )?manque (?:des|les|trop d') ?(?:informations|elements|donnees|contexte)"
    r"|je suis (?:incapable|dans l'impossibilite|dans l'incapacite) de (?:\w+ )?(?:repondre|dire|savoir|determiner)"
    r"|dans (?:les|le|ces) (?:passages|contexte|extraits|textes)(?: \w+)?,? (?:il n'y a|on ne trouve"
    r"|ne figure)\b"
    r"|je n'ai (?:pas|rien) (?:pu|reussi a|su) (?:\w+ )?(?:trouver|determiner|repondre|identifier)"
    r"|je manque d'(?:informations?|elements)|(?:pas|trop peu) (?:assez )?d'informations|il (?:me )?faudrait (?:plus"
    r"|davantage) de? ?(?:contexte|d'informations)|(?:c'|ce n'|cela n'|il n')(?:est|y est)? ?(?:pas"
    r"|nulle part) (?:indique|precise|mentionne|dit)|je n'ai rien trouve|je ne (?:peux|puis) pas le (?:determiner"
    r"|dire|savoir)|(?:je |j')(?:ne |n')?(?:le |en |l'|y )?(?:sais|connais)\b.*\b(?:pas|rien)\b|j'ignore|je l'ignore"
    r"|je n'(?:en )?ai (?:\w+ )?(?:pas|aucune?|rien|nulle)\b.*(?:information|idee|reponse|trouve|precision|indication"
    r"|acces)|je (?:ne |n')?(?:dispose|possede|trouve|vois|ai)\b.*\b(?:pas|aucune?|rien)\b.*(?:information|element"
    r"|donnee|acces|reponse|mention"
    r"|indication|dans)|je ne (?:peux|puis|parviens|saurais|suis)\b.*(?:repondre|dire|determiner|trouver|confirmer"
    r"|aider|sure?\b|certaine?)|(?:il (?:est|m'est) )?(?:impossible|difficile|pas possible) (?:de|a) (?:repondre|dire"
    r"|savoir|determiner|le dire)|il n'y a (?:pas|aucune?) (?:d'|de )?(?:information|mention|reponse"
    r"|indication)\w*(?: (?:sur|concernant|a|dans|disponible)|$)|(?:cela|ce|ceci|c'|la reponse|l'information"
    r"|cette information|rien)\b(?: |')?n'(?:est|y est|a) (?:pas )?(?:\w+ )?(?:precise|mentionne|indique|specifie|dit"
    r"|disponible|connue)|on ne (?:le )?(?:sait|peut le (?:dire|savoir)) pas[,\s]*$|(?:cela"
    r"|ca) depasse mes connaissances",
    whole=r"inconnue?|aucune idee|mystere|(?:non|pas) (?:precise|mentionne|indique|specifie|renseigne|communique"
    r"|trouve)e?s?(?: (?:dans|par|ici)\b.*)?|aucune? (?:information|reponse|mention|donnee"
    r"|precision)(?: (?:disponible|trouvee|fournie|donnee))?(?: (?:sur|concernant|a ce sujet|dans)(?: \S+){0,8})?"
    r"|information (?:non disponible|indisponible|introuvable|manquante)|sans reponse|pas de reponse"
    r"|je donne ma langue au chat|pas d'information\w*",
    context=r"(?:passages?|contexte|extraits?|textes|sources|documents|(?:informations|elements|texte"
    r"|document) (?:fourni|donne)\w*)",
    text=r"(?:texte|document|article|source|page)(?! \d)",
    paper=r"(?:contrat|police|bail|manuel|notice|reglement|loi|accord|guide|convention|brochure)",
    unsaid=r"\bne (?:se trouve|figure|apparai\w+|comporte|rapporte|cite|livre|traite|traitent)\w* (?:pas|nulle part"
    r"|aucune?)|(?:n'en|n'y) (?:parl\w+|dit|disent|est|figure)"
    r"|\bne (?:peut|peux|peuvent|permet|permettent)\b.*(?:repondre|savoir|determiner|deduire|etablir|dire|trouve)"
    r"|n(?:e |')(?:\w+ )?(?:dit|disent|mentionn\w+|precis\w+|indiqu\w+|specifi\w+|parl\w+|evoqu\w+|abord\w+"
    r"|permet\w* (?:pas )?(?:de |d')?(?:repondre|savoir|determiner)|repond\w*|expliqu\w+)\b|(?:pas|non|jamais"
    r"|nulle part) (?:\w+ )?(?:mentionne|precise|indique|specifie|dit|evoque|trouve)\w*|aucune? (?:\w+ )?(?:mention"
    r"|information|indication|reponse|precision|reference)|\brien (?:sur|a ce sujet|n'(?:est|y est) (?:dit|precise"
    r"|indique|mentionne))|\bmuets?\b|pas d'(?:information|indication)|pas de (?:mention|reponse)"
    r"|\bimpossible de (?:repondre|dire|savoir|determiner)|(?:information|reponse)s?\b.*\bn'(?:est|y est|sont"
    r"|y figure|apparait)\b",
    unheld=r"pas suffisant\w*|insuffisant\w*|n(?:e |')(?:\w+ )?(?:suffi\w+|comport\w+|cite\w*|montr\w+|aid\w+"
    r"|entr\w+ dans|contien\w+|fourni\w+|donn\w+|couvr\w+|inclu\w+|compren\w+)",
    vague=r"n'est pas (?:connue?|precisee?|indiquee?)[,\s]*$|(?:est|reste) inconnue?[,\s]*$",
    aside=r"veuillez\b|(?:vous|il faudrait) (?:\w+ ){0,2}(?:demander|contacter|consulter)|ils? ne (?:\w+ )?que\b",
)

SPANISH = Language(
    lead_in=r"respuesta ?:|lo siento(?: mucho)?|lo lamento|lamentablemente|desafortunadamente|por desgracia|perdon"
    r"|disculp\w+|(?:segun|de acuerdo con|con base en) [^,]*(?=,)",
    but=r"pero|sin embargo|aunque|no obstante",
    guess=r"probablemente|quizas?|tal vez|posiblemente|seguramente|creo que|supongo",
    refusal=r"(?:eso |esto )?no (?:esta|aparece|viene|consta|se encuentra) en (?:el|los|las) (?:textos?|documentos?"
    r"|contexto|pasajes|fragmentos|extractos)(?=[,\s]*$)|en (?:el|los|las) (?:pasajes|contexto|fragmentos|textos"
    r"|extractos)(?: \w+)?,? no (?:hay"
    r"|existe\w*"
    r"|se encuentr\w+|consta\w*|figura\w*)\b|me falta\w* (?:\w+ )?(?:informacion|datos|contexto)"
    r"|necesit\w+ mas (?:contexto|informacion|datos)"
    r"|ni idea\b|no hay (?:suficiente|bastante) (?:informacion|contexto)|no (?:se|es) (?:puede"
    r"|posible) (?:\w+ )?(?:determinar\w*|saber\w*|responder\w*|deducir\w*)(?: (?:con|a partir|por|desde|segun)\b"
    r"|[,\s]*$)|no (?:he )?(?:encontrado|encontre|encuentro) nada\b|eso no (?:viene|aparece|consta|figura|se dice"
    r"|se menciona)\b|(?:yo )?(?:la verdad )?no lo se\b|(?:yo )?no se(?=[,\s]*$|,| (?:la respuesta|decir\w*|quien|que"
    r"|cual|cuando|cuanto\w*|donde|como|si|nada|responder)\b)|(?:yo )?no (?:conozco|dispongo|encuentro|encontre|veo"
    r"|tengo|he encontrado|cuento con)\b.*(?:respuesta|informacion|dato|idea|mencion|nada (?:sobre|al respecto)"
    r"|constancia)|(?:lo )?desconozco|lo ignoro|(?:yo )?no (?:puedo|pude|podria|sabria|logro|logre|consegui"
    r"|he (?:podido"
    r"|logrado|sabido|conseguido)|soy capaz de"
    r"|estoy)\b.*(?:responder|decir\w*|determinar|encontrar|contestar|confirmar|ayudar\w*|segur[oa]|contestar\w*)"
    r"|no (?:hay|existe) (?:\w+ )?(?:informacion|mencion|respuesta|datos|indicacion)(?: (?:sobre|acerca|al respecto"
    r"|disponible|suficiente|en|para|de)\b|$)|(?:eso |esto |esta informacion )?no se (?:menciona|especifica|indica"
    r"|dice|precisa)\b(?=[,\s]*$|.*\b(?:en|por)\b)|(?:es )?imposible (?:responder|saber|decir|determinar)|no (?:se"
    r"|es) (?:puede|posible) (?:\w+ )?(?:responder|saber|determinar|contestar|decir)(?: (?:a partir|con|esa?|esta?"
    r"|la)\b|$)",
    whole=r"desconocid[oa]|ni idea|(?:no|sin) (?:especificad|mencionad|indicad|precisad|disponibl)\w+(?: (?:en"
    r"|por)\b.*)?|sin (?:informacion|respuesta|datos)|(?:no hay|ninguna|sin) (?:informacion"
    r"|respuesta)(?: disponible)?|informacion no (?:disponible|encontrada)|no consta(?: en\b.*)?|no aparece"
    r"|no se sabe|no esta claro|quien sabe",
    context=r"(?:pasajes?|contexto|fragmentos?|extractos?|textos|documentos|fuentes|(?:informacion|texto"
    r"|documento) (?:proporcionad|dad|suministrad)\w+)",
    text=r"(?:texto|documento|articulo|fuente|pagina)(?! \d)",
    paper=r"(?:contrato|poliza|manual|reglamento|ley|acuerdo|guia|convenio|folleto|prospecto)",
    unsaid=r"\bnada (?:en|de)\b|no (?:abord\w+|toca\w*)\b|\bno (?:lo |la |se )?(?:\w+ )?(?:encuentr\w+|vien\w+"
    r"|figur\w+|report\w+"
    r"|trae\w*|recog\w+|ofrec\w+|hac\w+ referencia|aport\w+|da|dan|deduc\w+)\b|\bno (?:se )?(?:puede|pueden"
    r"|es posible)\b.*(?:responder|saber|determinar|deducir|contestar)|no (?:lo |la |se |esta |ha sido "
    r"|aparece )?(?:\w+ )?(?:dicen?|mencion\w+|indic\w+|especific\w+|precisa\w* (?:el|la|los|las|si|cu\w+|qu\w+|donde"
    r"|como)|habla\w*|trata\w*|aclara\w*|explica\w*|respond\w+|permit\w+ (?:responder|saber|determinar)|alude\w*"
    r"|consta\w*|encontr\w+|aparece\w*|determinar)\b|\bnada (?:sobre|al respecto)|ningun\w* (?:\w+ )?(?:mencion"
    r"|informacion|indicacion|respuesta|referencia|dato)|(?:no|ni) hay (?:\w+ )?(?:mencion|informacion|respuesta"
    r"|datos)|no (?:contien\w+|ofrec\w+|incluy\w+|proporcion\w+|da|dan) (?:\w+ )?(?:informacion|mencion|respuesta"
    r"|datos)|guarda\w* silencio|(?:informacion|respuesta)\b.*\bno (?:esta|se encuentra|figura)\b",
    unheld=r"no (?:\w+ )?suficientes?\b|insuficientes?\b|no (?:bastan?|contien\w+|incluy\w+|proporcion\w+|cubr\w+"
    r"|ofrec\w+|da|dan)\b",
    vague=r"no se (?:conoce|especifica|indica|menciona)[,\s]*$|(?:es|se) desconoc\w+[,\s]*$",
    aside=r"por favor\b|(?:puede|deberia|consulte|pregunte|contacte|le recomiendo)\b|(?:solo|solamente) (?:habla"
    r"|menciona|trata)\w*",
)

ITALIAN = Language(
    lead_in=r"risposta ?:|mi dispiace|mi spiace|spiacente|scusa\w*|purtroppo|sfortunatamente|(?:secondo|in base a\w*"
    r"|sulla base d\w+) [^,]*(?=,)",
    but=r"ma|pero|tuttavia|comunque|sebbene|anche se",
    guess=r"probabilmente|forse|magari|credo|penso|suppongo|presumibilmente",
    refusal=r"(?:questo )?non (?:e|c'e|viene|si trova|compare) (?:scritto |detto |presente |riportato )?ne(?:l|i|lla"
    r"|lle|gli) (?:test[oi]|document[oi]|contesto|brani|passaggi|estratti)(?=[,\s]*$)|ne(?:i|l|gli|lle?) (?:brani"
    r"|passaggi|contesto|testi|estratti|fonti)(?: \w+)?,? non (?:c'e"
    r"|ci sono"
    r"|vi e|si trova\w*|compar\w+|figura\w*)\b|mi manca\w* (?:\w+ )?(?:informazioni|dati|elementi|contesto)"
    r"|mi serv\w+ (?:piu|altre) (?:contesto"
    r"|informazioni)|non ne so (?:nulla|niente)|informazioni insufficienti|non (?:e possibile|si puo) (?:saperlo"
    r"|stabilirlo|determinarlo|dirlo|capirlo|rispondere)(?: (?:dal\w*|in base|con|a)\b|[,\s]*$)|non (?:trovo"
    r"|ho trovato|vedo) (?:nulla|niente)|non (?:e|viene) (?:detto|specificato|menzionato|indicato)[,\s]*$"
    r"|questo non (?:e|viene) (?:detto|scritto|indicato)|(?:io )?non (?:lo|ne) so\b|non ne ho (?:\w+ )?idea"
    r"|(?:io )?non so(?=[,\s]*$|,| (?:\w+ )?(?:rispondere|dire|dirlo|chi|che|cosa|quale|quando|quanto|quant\w|dove"
    r"|come|se|la risposta)\b)|(?:io )?non (?:saprei|posso|ho potuto|sono riuscit[oa] a|riesco a|sono in grado di"
    r"|sono)\b.*(?:rispondere"
    r"|rispondere|dir\w+|determinare|trovare|confermare|aiutar\w+|sicur[oa]|stabilire)|non saprei|(?:io )?non (?:ho"
    r"|dispongo|trovo|vedo|conosco)\b.*(?:informazion\w+|idea|risposta|trovato|dati|menzione|indicazion\w+)"
    r"|(?:lo )?ignoro|non (?:ci sono|c'e|esistono) (?:\w+ )?(?:informazion\w+|menzione|risposta"
    r"|indicazion\w+)(?: (?:su\w*|in|al riguardo|ne\w+|disponibil\w+|sufficient\w+|per)\b|$)"
    r"|(?:e )?impossibile (?:rispondere|dire|dirlo|sapere|determinare)|non (?:e possibile|si puo) (?:rispondere|dire"
    r"|sapere|determinare|stabilire)(?: (?:in base|dai|dal|da|se|con|a)\b|$)|(?:questo |cio )?non (?:e"
    r"|viene) (?:\w+ )?(?:specificat|menzionat|indicat|precisat|dett)o\b(?=[,\s]*$|.*\b(?:ne\w*|da\w*|in)\b)",
    whole=r"sconosciut[oa]|boh|nessuna idea|non (?:specificat|menzionat|indicat|precisat|disponibil"
    r"|not)\w+(?: (?:ne\w+|in|da\w+)\b.*)?|nessuna (?:informazione|risposta)(?: (?:disponibile|trovata|in merito"
    r"|al riguardo))?|informazion\w+ (?:non disponibil\w+|assent\w+)|chi lo sa|senza risposta|non si sa|non e chiaro",
    context=r"(?:brani|brano|contesto|passaggi|passaggio|estratt[oi]|testi|documenti|fonti|(?:informazioni|testo"
    r"|documento) (?:fornit|dat)\w+)",
    text=r"(?:testo|documento|articolo|fonte|pagina)(?! \d)",
    paper=r"(?:contratto|polizza|manuale|regolamento|legge|accordo|guida|foglietto|statuto)",
    unsaid=r"non c'e scritto|\bnon (?:lo |ne |si |vi )?(?:\w+ )?(?:riport\w+|trov\w+|contien\w+|contengono|forni\w+"
    r"|ved\w+|evinc\w+|desum\w+|present\w+)\b|\bnon (?:e possibile|si puo|consent\w+)\b.*(?:risponder\w*|saper\w*"
    r"|determinar\w*|stabilir\w*|capir\w*|dir\w*)|non (?:lo |ne |si |e |viene |vengono )?(?:\w+ )?(?:dic\w+"
    r"|menzion\w+|indic\w+|specific\w+|precis\w+|parl\w+|tratt\w+|chiari\w+|spieg\w+|rispond\w+"
    r"|permett\w+ (?:di )?(?:rispondere|sapere|determinare)|accenn\w+|dett[oa]|figura\w*|compar\w+|determin\w+)\b"
    r"|\b(?:nulla|niente) (?:ne\w*|in|su\w*|al riguardo|in merito)|nessun\w* (?:\w+ )?(?:menzione|informazione"
    r"|indicazione"
    r"|risposta|riferimento)|non (?:ci sono|c'e) (?:\w+ )?(?:informazion\w+|menzione|risposta)|non (?:contien\w+"
    r"|contengono|forni\w+|offr\w+|da|danno) (?:\w+ )?(?:informazion\w+|risposta|indicazion\w+)|tacciono|\btace\b"
    r"|(?:informazion\w+|risposta)\b.*\bnon (?:e|si trova|compare|figura)\b",
    unheld=r"non (?:\w+ )?sufficient\w\b|insufficient\w\b|non (?:bast\w+|contien\w+|contengono|includ\w+|forni\w+"
    r"|copr\w+|offr\w+|danno|da)\b",
    vague=r"non e (?:not[oa]|specificat[oa]|indicat[oa])[,\s]*$|e (?:ignot[oa]|sconosciut[oa])[,\s]*$",
    aside=r"per favore\b|(?:puo|potrebbe|dovrebbe|consigli\w+|contatt\w+|consult\w+|chied\w+)\b|si parla solo\b",
)

PORTUGUESE = Language(
    lead_in=r"resposta ?:|desculp\w+|lamento|infelizmente|sinto muito|perdao|lamentavelmente|peco desculpa|(?:segundo"
    r"|de acordo com|com base em|com base n\w+) [^,]*(?=,)",
    but=r"mas|porem|contudo|no entanto|todavia|embora",
    guess=r"provavelmente|talvez|possivelmente|acho que|creio|suponho",
    refusal=r"(?:isso |isto )?nao (?:esta|aparece|consta|vem|se encontra) n[oa]s? (?:textos?|documentos?|contexto"
    r"|trechos|excertos|passagens)(?=[,\s]*$)|n[oa]s? (?:trechos|contexto|textos|passagens"
    r"|excertos)(?: \w+)?,? nao (?:ha|existe\w*"
    r"|consta\w*|se encontra\w*)\b|falta\w*-me (?:\w+ )?(?:informac\w+|dados|contexto)"
    r"|me falta\w* (?:\w+ )?(?:informac\w+|dados|contexto)"
    r"|precis\w+ de mais (?:contexto|informac\w+)|informac\w+ insuficientes?|nao (?:encontrei|achei|encontro"
    r"|vejo) nada|nao (?:e|foi) possivel (?:determinar|saber|dizer|responder) (?:isso|isto)|nao da para (?:saber"
    r"|dizer|responder)|isso nao (?:esta|e dito|aparece|consta)|(?:eu )?nao (?:o )?sei\b|(?:eu )?nao (?:faco|tenho"
    r"|encontrei|encontro|achei|vejo|conheco|disponho|possuo)\b.*(?:informac\w+|ideia|resposta|dados|mencao"
    r"|nada (?:sobre|a respeito)|indicac\w+|certeza)|(?:eu )?nao (?:consigo|consegui|posso|pude|fui capaz de"
    r"|sou capaz de|saberia"
    r"|estou)\b.*(?:responder|dizer|determinar|encontrar|confirmar|ajudar|cert[oa]|segur[oa])|desconheco|ignoro"
    r"|nao (?:ha|existem?) (?:\w+ )?(?:informac\w+|mencao|resposta|indicac\w+)(?: (?:sobre|a respeito|acerca|no|na"
    r"|nos|nas|disponive\w+|suficiente\w*|para)\b|[,\s]*$)|(?:e )?impossivel (?:responder|saber|dizer|determinar)"
    r"|nao (?:e|foi) possivel (?:responder|saber|dizer|determinar|encontrar)(?: (?:com|a|essa?|esta?|se|nos?|nas?)\b"
    r"|[,\s]*$)|(?:isso |isto )?nao (?:consta|e mencionad\w|e especificad\w|e indicad\w|esta indicad\w)\b(?=[,\s]*$"
    r"|.*\b(?:n[oa]s?|em|pel\w+)\b)",
    whole=r"desconhecid[oa]|(?:nenhuma|sem|nao faco) (?:ideia|informacao|resposta)(?: disponivel)?|nao (?:especificad"
    r"|mencionad|indicad|informad|disponiv)\w+(?: (?:n[oa]s?|em|pel\w+)\b.*)?|informacao (?:nao disponivel"
    r"|indisponivel|ausente)|sem dados|nao se sabe|nao esta claro|quem sabe|sei la",
    context=r"(?:trechos?|contexto|passagens|passagem|excertos?|textos|documentos|fontes|(?:informacoes|texto"
    r"|documento) (?:fornecid|dad)\w+)",
    text=r"(?:texto|documento|artigo|fonte|pagina)(?! \d)",
    paper=r"(?:contrato|apolice|manual|regulamento|lei|acordo|guia|bula|convencao|folheto)",
    unsaid=r"\bnao (?:o |se |e |esta |ha )?(?:\w+ )?(?:encontr\w+|apresent\w+|traz\w*|report\w+|contem|cita\w*"
    r"|figur\w+|abord\w+)\b|(?:informac\w+|resposta)\b.*\bnao (?:esta|consta|aparece)|\bnao (?:e possivel|da para"
    r"|permit\w+)\b.*(?:responder|saber|determinar|deduzir|dizer)|nao (?:o |se |e |sao |esta "
    r"|foi )?(?:\w+ )?(?:diz\w*|mencion\w+|indic\w+|especific\w+|especificad\w|fala\w*|trata\w*|esclarec\w+|explic\w+"
    r"|respond\w+|permit\w+ (?:responder|saber|determinar)|informa\w*|consta\w*|aparec\w+|encontr\w+)\b"
    r"|\bnada (?:sobre|a respeito|n[oa]s?)\b|nenhuma? (?:\w+ )?(?:mencao|informacao|indicacao|resposta|referencia)"
    r"|nao ha (?:\w+ )?(?:mencao|informac\w+|resposta)|nao (?:contem|fornec\w+|oferec\w+|da|dao"
    r"|traz\w*) (?:\w+ )?(?:informac\w+|resposta|indicac\w+)|nao e possivel (?:responder|saber|dizer|determinar)"
    r"|silencios?\w*|(?:informacao|resposta)\b.*\bnao (?:esta|se encontra|figura)\b",
    unheld=r"nao (?:\w+ )?suficientes?\b|insuficientes?\b|nao (?:bastam?|contem|inclu\w+|fornec\w+|cobr\w+|oferec\w+"
    r"|traz\w*|da|dao)\b",
    vague=r"nao e (?:conhecid[oa]|especificad[oa]|indicad[oa])[,\s]*$|e desconhecid[oa][,\s]*$",
    aside=r"por favor\b|(?:voce pode|consulte|pergunte|contate|sugiro|recomendo)\b|(?:so|apenas) (?:fala|menciona"
    r"|trata)\w*",
)
