"""What further languages say for "I don't know": whole answers only, so that a task in one of them is understood.

Their grammar is not here: a sentence about the context is an answer, unless it is what the task told the model to say.
"""

from __future__ import annotations

from ragvsft.scoring.scorers.declining import Language

_SCANDINAVIAN = (
    r"(?:det )?(?:jag|jeg) (?:vet|ved|veit) (?:\w+ )?(?:inte|ikke|ej)(?: det)?|det (?:vet|ved|veit) (?:jag|jeg)"
    r" (?:\w+ )?(?:inte|ikke|ej)|vet (?:ej|inte|ikke)|(?:ingen|inga) (?:uppgift\w*|information|svar|aning|opplysninger"
    r"|oplysninger)|uppgift saknas|(?:inte|ikke|ej) (?:angivet|angett|angitt|oppgitt|oplyst|nævnt|namnt|nevnt|funnet"
    r"|fundet|hittat|kant|kjent|kendt)(?: i .{1,30})?|okant|ukjent|ukendt"
)
_SLAVIC = (
    r"(?:я )?(?:этого )?не (?:знаю|могу ответить(?: на этот вопрос)?|могу сказать|нашел ответа?|нашла ответа?)"
    r"|не (?:указано|известно|упоминается|найдено|определено)(?: в .{1,30})?|неизвестно|нет (?:ответа|данных"
    r"|информации)"
    r"(?: в .{1,30})?|затрудняюсь ответить|(?:в|из) (?:тексте|контексте|документе|отрывк\w+) (?:это |об этом )?"
    r"(?:не (?:указано|сказано|говорится|упоминается)|нет (?:ответа|информации))|(?:я )?(?:цього )?не знаю|невідомо"
    r"|не вказано|немає (?:відповіді|даних|інформаціі)|nevim|to nevim|neznam odpoved|neuvedeno|neni (?:uvedeno|znamo)"
    r"|neviem|neuvedene|ne znam|nije navedeno|не знам"
)
_OTHERS = (
    r"(?:bunu )?bilmiyorum|bilinmiyor|bilgi (?:yok|bulunamadı|mevcut degil)|cevap (?:yok|bulunamadı)|belirtilmemis"
    r"|(?:metinde|baglamda) (?:belirtilmemis|yok|bulunmuyor)|(?:cevabı|yanıtı) bilmiyorum|δεν (?:το )?(?:γνωριζω|ξερω)"
    r"|δεν αναφερεται(?: στο .{1,30})?|αγνωστο|(?:잘 )?모르겠(?:습니다|어요|음|다)|모릅니다|몰라요|모름"
    r"|알 수 (?:없습니다|없음|없어요|없다)"
    r"|(?:관련 )?(?:정보|답변|답|내용)(?:가|이)? ?(?:없습니다|없음|없어요)|(?:본문|문맥|지문"
    r"|문서)에 (?:나와 있지 않습니다|없습니다|언급되지"
    r" 않았습니다|언급되어 있지 않습니다)|لا (?:أعرف|أعلم|ادري|أدري|اعرف)|غير (?:معروف|مذكور|محدد|متوفر)"
    r"|لا توجد (?:معلومات|إجابة)"
    r"|मुझे (?:नहीं पता|पता नहीं|मालूम नहीं|नहीं मालूम)|पता नहीं|मालूम नहीं|मैं नहीं जानता|मैं नहीं जानती|ज्ञात नहीं"
    r"|जानकारी उपलब्ध नहीं"
    r"|(?:ผม|ฉัน|ดิฉัน)?ไม่(?:ทราบ|รู้|แน่ใจ)(?:ครับ|ค่ะ|คะ)?|ไม่(?:พบ|มี)(?:ข้อมูล|คำตอบ)(?:ครับ|ค่ะ)?"
    r"|(?:toi )?khong (?:biet|ro)"
    r"|khong co thong tin|khong (?:duoc )?(?:đe cap|tim thay)|(?:saya )?tidak tahu|tidak (?:disebutkan|diketahui)"
    r"|tidak ada (?:informasi|jawaban)|en (?:mina )?tieda|ei tiedossa|ei mainita|nem tudom|nincs (?:adat|informacio"
    r"|valasz)"
    r"|nu stiu|nu (?:este|se) (?:mentionat|specificat|mentioneaza)|nespecificat|(?:אני|איני) ?(?:לא )?(?:יודע|יודעת)"
    r"|לא ידוע|לא צוין|אין מידע"
)
FURTHER = Language(
    lead_in=r"(?:svar|απαντηση|ответ|відповідь|cevap|yanıt|답변|정답|답|الإجابة|الجواب|उत्तर|คำตอบ|tra loi|jawaban"
    r"|vastaus|valasz|raspuns|odpoved|תשובה) ?:|tyvarr|beklager|desværre|dessverre|forlat|извините|простите|к сожалению"
    r"|увы|на жаль|bohuzel|omlouvam se|uzgunum|maalesef|ne yazık ki|λυπαμαι|δυστυχως|죄송합니다|죄송하지만|미안합니다"
    r"|عذرا|آسف"
    r"|للأسف|क्षमा करें|माफ़ करें|ขออภัย|ขอโทษ|xin loi|maaf|valitettavasti|sajnos|din pacate|סליחה",
    but=r"(?<!\w)(?:men|но|однако|але|ale|ama|fakat|αλλα|하지만|그러나|لكن|लेकिन|nhung|tetapi|mutta|dar)(?!\w)",
    guess=r"",
    refusal=r"",
    whole=f"{_SCANDINAVIAN}|{_SLAVIC}|{_OTHERS}",
    context=r"",
    text=r"",
    paper=r"",
    unsaid=r"",
    unheld=r"",
)
