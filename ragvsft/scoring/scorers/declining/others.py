"""How Polish, Chinese and Japanese say that something is not known or not found."""

from __future__ import annotations

from ragvsft.scoring.scorers.declining import Language

POLISH = Language(
    lead_in=r"odpowiedz ?:|przepraszam|niestety|przykro mi|wybacz\w*|(?:wedlug|zgodnie z|na podstawie) [^,]*(?=,)",
    but=r"ale|jednak|lecz|chociaz|choc|natomiast",
    guess=r"prawdopodobnie|moze (?=\d|okolo|byc|jakies)|chyba|byc moze|pewnie|zapewne|sadze|mysle|przypuszczam",
    refusal=r"(?:tego )?nie ma (?:tego )?we? (?:\w+ )?(?:tekscie|dokumen\w+|kontekscie|fragmentach|tekstach)(?=[,\s]*$)"
    r"|we? (?:\w+ )?(?:fragmentach|tekstach|kontekscie|zrodlach)(?: \w+)?,? (?:nie ma|brak"
    r"|brakuje)\b|brakuje (?:mi )?(?:\w+ )?(?:informacji|danych|kontekstu)|nic mi o tym nie wiadomo|(?:mam )?(?:za"
    r"|zbyt) malo (?:informacji|danych|kontekstu)|potrzebuj\w+ wiecej (?:informacji|kontekstu)|nic (?:o"
    r"|na) (?:\S+ ){0,3}nie wiem|nie (?:jest|zostalo) to (?:\w+ )?(?:podane|napisane|okreslone)|nie podano tego"
    r"|(?:ja )?(?:tego )?nie (?:wiem|znam odpowiedzi|mam pojecia|jestem (?:\w+ )?pew\w+|orientuje sie)\b"
    r"|(?:ja )?nie (?:mam|posiadam|znalazlem|znalazlam|znajduje|widze|znam|udalo mi sie)\b.*(?:informac\w+"
    r"|odpowiedz\w*|pojecia|danych|wzmianki|znalezc|wiedzy)|(?:ja )?nie (?:moge|moglem|moglam|potrafilem|potrafilam"
    r"|bylem w stanie|potrafie|jestem w stanie"
    r"|umiem)\b.*(?:odpowied\w+|powiedziec|znalezc|okreslic|ustalic|stwierdzic|pomoc)|trudno (?:mi )?powiedziec"
    r"|nie (?:da sie|mozna|sposob) (?:\w+ )?(?:odpowiedziec|powiedziec|ustalic|okreslic|stwierdzic)(?= (?:na|z|tego"
    r"|w)\b|[,\s]*$)|nie ma (?:\w+ )?(?:informacji|odpowiedzi|wzmianki|mowy)(?: (?:o|na|w|dotyczac\w+|tutaj)\b"
    r"|[,\s]*$)|nie (?:jest|zostalo) (?:to )?(?:podane|wspomniane|okreslone|powiedziane)\b|nie wiadomo[,\s]*$",
    whole=r"nieznan[eya]|nie wiadomo|brak (?:informacji|odpowiedzi|danych|wzmianki)(?: (?:na ten temat|(?:w"
    r"|we) (?:\S+ ){0,3}(?:fragment\w+|tekscie|dokument\w+|kontekscie|zrodlach)|(?:o|na temat)(?: \S+){1,4}))?"
    r"|nie (?:podano|okreslono|wspomniano|znaleziono|sprecyzowano)(?: (?:w|we)\b.*)?|nie mam pojecia|pojecia nie mam"
    r"|bez odpowiedzi|kto wie",
    context=r"(?:fragment\w*|kontekst\w*|kontekscie|teksty|tekstach|dokumenty|dokumentach|dokumentow|zrodl\w+"
    r"|materialy|materialach)",
    text=r"(?:tekst(?:u|em)?|tekscie|dokumen(?:t|tu|cie)|artykul\w*|zrodlo)(?! \d)",
    paper=r"(?:umow\w+|polis\w+|instrukcj\w+|regulamin\w*|ustaw\w+|podrecznik\w*|ulotk\w+|kodeks\w*)",
    unsaid=r"nie (?:porusza\w*|omawia\w*|opisuj\w+|zajmuj\w+)|(?:odpowiedzi|informacji|danych"
    r"|wzmianki) (?:\w+ )?nie ma|nie (?:ma|zawiera\w*|podaj\w*) (?:\w+ ){0,2}(?:danych|liczb\w*|kwot\w*|odpowiedzi)"
    r"|nie (?:da sie|mozna|sposob)\b.*(?:ustalic|odpowiedziec|okreslic|stwierdzic|wywnioskowac)|nie (?:znajduje"
    r"|pojawia) sie|nie (?:\w+ )?(?:mowi\w*|podaj\w+|podan\w+|wspomin\w+|wspomnian\w+|okresl\w+|precyzuj\w+"
    r"|wskazuj\w+|wyjasni\w+|odpowiada\w*|informuj\w+|znalazl\w*|wynika\w*|zawiera\w* (?:\w+ )?(?:informacj\w+"
    r"|odpowiedzi|wzmianki)|ma (?:\w+ )?(?:mowy|informacji|odpowiedzi|wzmianki))|\bnic (?:o|we?|na ten temat"
    r"|nie (?:mowi"
    r"|wspomina))\b|brak (?:\w+ )?(?:informacji|wzmianki|odpowiedzi|danych)|nie (?:da sie"
    r"|mozna) (?:\w+ ){0,2}(?:ustalic|odpowiedziec|okreslic|stwierdzic)|\bmilcz\w+|(?:informacja"
    r"|odpowiedz)\b.*\bnie (?:znajduje|jest|wystepuje|ma)\b",
    unheld=r"niewystarcz\w+|nie (?:wystarcz\w+|zawiera\w*|obejmuj\w+|dotycz\w+|dostarcza\w*)\b",
    vague=r"nie jest (?:znan\w+|okreslon\w+)[,\s]*$|jest nieznan\w+[,\s]*$",
    aside=r"(?:prosze|skontaktuj|zapytaj|nalezy (?:zapytac|skontaktowac))\b|(?:mowia|mowi) tylko\b",
)

CHINESE = Language(
    lead_in=r"答案?(?:是)?:|回答:|(?:根据|根據|基于|依据|从)[^,]{0,10}?(?:信息|内容|资料|文档|文本|上下文)(?:中"
    r"|来看)?(?=,?(?:无法|無法|不能|难以|没法))|(?:很|非常|真的)?(?:抱歉|对不起|對不起|遗憾|遺憾|不好意思)|(?:根据"
    r"|根據|基于|基於"
    r"|依据)[^,]*(?=,)",
    but=r"但是?|不过|不過|然而|可是",
    guess=r"可能|大概|也许|也許|或许|或許|估计|估計|应该是|應該是|我想|我猜",
    refusal=r"(?:[^,]{0,8}资料)?我?(?:答|回答)不(?:出来?|上来?|了)|(?:所给|现有|提供的)?(?:信息|資訊|资料|資料"
    r"|上下文)(?:不足|不够|不夠|太少|有限)|(?:我)?需要更多(?:的)?(?:信息|資訊|上下文|资料)|(?:这个|這個|那个|对此"
    r"|對此|关于这一点)?(?:我们?|我們|本人)(?:也|并|並|真的|确实|實在|实在|暂时|目前)*不(?:太|是很|大)?(?:知道|清楚"
    r"|了解|确定|確定|晓得|曉得|明白)|不(?:知道|清楚|确定|確定)(?:这|這|该|該|答案|具体|具體|如何|怎么|怎麼|是否|什么"
    r"|什麼|谁|誰|哪|多少|为什么)[^的]*$|(?:这个|這個|该|此)?(?:问题|問題)?,?我(?:们|們)?(?:也|暂时|目前)?(?:无法"
    r"|無法|没法|沒法|不能|没办法|難以|难以)(?:为您|从[^,]*|從[^,]*|根据[^,]*)?(?:回答|得知|判断|判斷|确认|確認|确定"
    r"|確定|作答|解答)|(?:这个|這個|该|此)?(?:问题|問題)?,?(?:暂时|目前)?(?:无法|無法|没法|沒法)(?:为您)?(?:回答|作答"
    r"|解答)[^的]*$|我(?:没有?|沒有?|无|無)(?:任何|足够的|足夠的)?(?:[^,]{0,8})(?:信息|資訊|资料|資料|答案|头绪)"
    r"|我(?:在[^,]*)?(?:没[有能]?|沒[有能]?|未能?|并未)(?:找到|查到|发现|發現)|(?:没有?|沒有?|未能?|并未)(?:找到|查到"
    r"|发现"
    r"|發現)(?:任何)?(?:相关|相關|答案|信息|資訊|提及)|我(?:找|查)不到|(?:找|查)不到(?:相关|相關|答案|信息|資訊)"
    r"|(?:这|這|此事?|答案)?(?:没有?|沒有?|未)(?:明确|具体)?(?:提到|提及|说明|說明)$",
    whole=r"(?:这个|這個|那个|对此|對此|这一点)?(?:也|真的|暂时|目前)*不(?:太|是很)?(?:知道|清楚|了解|确定"
    r"|確定)(?:答案)?|不详|不詳|未知|(?:无法|無法|难以|難以)(?:确定|確定|判断|判斷|回答|得知|知道)"
    r"|没有?(?:相关的?|足够的?)?(?:信息|答案|资料|内容)|無(?:相關)?資訊|无(?:相关)?(?:信息|答案)|未(?:提及|提到|说明"
    r"|說明|注明)"
    r"|无从得知|無從得知|(?:这|這)?(?:很)?(?:难|難)说|天晓得|谁知道",
    context=r"上下文|文中|文章|原文|本文|资料|資料|段落|文档|文檔|文本|语境|語境|所给|所給|给定|給定|提供的(?:信息"
    r"|内容|文|材料)|片段|参考内容",
    text=r"文件|全文|报告中",
    paper=r"合同|保单|保單|手册|手冊|法律|条款|條款|说明书|說明書|协议|協議",
    unsaid=r"(?:找|查|看)不(?:到|出)|(?:没|沒|未)(?:有)?(?:写|寫|给|給|讲|講|谈|談|列)|并未|並未|不足以|(?:没有?"
    r"|沒有?|未|并未|並未|无|無|不)(?:明确|明確|具体|具體|直接|任何|有|曾)*(?:提到|提及|说明|說明|指出|给出|給出|提供"
    r"|记载|記載|涉及|描述|写|寫|列出|包含|说|說|讲|交代|找到|相关|相關|有关|有關|信息|資訊|答案|此|这|規定|规定)"
    r"|(?:无法|無法|不能|难以|無從|无从)(?:[从從由][^,]{0,6}?)?(?:回答|得知|确定|確定|判断|判斷|找到|推断|看出)",
    unheld=r"不(?:包含|包括|含)",
    vague=r"(?:尚)?不(?:为人知|明)$|(?:原因|情况)不明",
    aside=r"请|請|建议|建議|您可以",
)

_JA_NOT = r"(?:ません|ない|なかった|なく|無い|ず|なし)"

JAPANESE = Language(
    lead_in=r"さあ|うーん|(?:回答|答え|答):|(?:大変|誠に|まことに)?(?:申し訳(?:ありません|ございません|ない)"
    r"|すみません|すいません|ごめんなさい|恐れ入ります|残念(?:ながら|です))(?:が|けど)?",
    but=r"が(?=、)|けれども?|けど|ただし|しかし|でも|とはいえ",
    guess=r"おそらく|恐らく|たぶん|多分|かもしれ|と思い|と思う|でしょう",
    refusal=r"(?:それ|これ|その件|この件|そのこと)(?:について)?(?:は|に関しては)?(?:何も|まったく|全く)?(?:知りません"
    r"|わかりません|分かりません|存じません)|手がかりがありません|(?:私(?:に)?は?、?)?(?:よく|ちょっと|はっきり|全然"
    r"|詳しくは)?(?:その|この|それ|これ|それに|質問|ご質問|件|答え|こと|情報|に|は|が|を|も|、|については|についての"
    r"|答えるための|ついて)*(?:(?:(?:わか|分か)り(?:ません|かねます)|(?:わか|分か)らない|知りません"
    r"|知らない)(?=[、がでねよ]|けど|ので|から|$)|存じ(?:上げ)?ません|お?答え(?:でき|られ|することが?でき"
    r"|することはでき)"
    + _JA_NOT
    + r"|お?答え(?:いた)?しかね|回答(?:でき|いたしかね|しかね)|判断(?:でき|しかね)|見つかりません|見つけられません"
    r"|見当がつきません|見当たりません)|.{0,12}(?:情報|資料|記載)(?:は|が)?(?:足りません|不足して|足りない)|(?:その"
    r"|この|関連する|該当する)+(?:情報|記載|答え)(?:は|が)(?:ありません|ない)|(?:その|この)?(?:件|点|こと"
    r"|質問)については?[^、]{0,4}(?:書かれて|記載|言及|触れられて|述べられて)[^、]{0,6}"
    + _JA_NOT
    + r"|.{0,12}(?:についての?|に関する)(?:情報|記載|記述|言及)(?:は|が)?(?:ありません|ない|見つかりません"
    r"|見当たりません|ございません)",
    whole=r"不明(?:です)?|情報(?:が|は)不(?:十分|足)(?:です|しています)?|(?:明確に|具体的に|特に)?(?:記載|言及|明記"
    r"|説明|記述)(?:は|が)?(?:されて"
    r"|して)?(?:おりません|いません|いない)|(?:該当する|関連する|その|この)?(?:情報|答え|回答|記載)(?:は"
    r"|が)見つかり(?:ません|ませんでした)|わからない|分からない|知らない|情報(?:が|は)?(?:ありません|なし|ない"
    r"|不足)(?:です)?"
    r"|回答(?:不能|不可|なし)(?:です)?|該当(?:なし|する情報はありません)|さあ|記載(?:が|は)?(?:ありません|なし|ない)"
    r"|未記載|見当もつきません|さっぱりです",
    context=r"文中|本文|文脈|文章|資料|文書|コンテキスト|テキスト|抜粋|パッセージ|ドキュメント|与えられた|提供された"
    r"|提示された|引用文",
    text=r"記事|出典",
    paper=r"契約書?|約款|説明書|マニュアル|規則|法律|規程|添付文書",
    unsaid=r"(?:文中|本文|文脈|文章|資料|文書|テキスト|抜粋|パッセージ|ドキュメント)(?:の中)?に(?:は"
    r"|も)?[^、]{0,12}(?:ありません|ない|見当たりません|載っていません|出てきません)|触れられていない"
    r"|答えられ(?:ません|ない)|読み取れ(?:ません|ない)|(?:扱って|取り上げて|書かれて|書いて|記載|記述|言及|示されて"
    r"|触れられて|触れて|述べられて|述べて|説明|情報|答え|見つか|見当た|載って|判断|わか|分か|読み取|特定|確認|明記"
    r"|回答|お答え)[^、]{0,10}?" + _JA_NOT + r"|不明",
    unheld=r"含(?:まれて|んで)[^、]{0,4}" + _JA_NOT,
    vague=r"(?:については?|原因は?|理由は?)不明",
    aside=r".*(?:ください|下さい|お勧めします)$",
)
