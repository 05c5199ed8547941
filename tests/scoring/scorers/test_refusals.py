"""Refused, answered or unclear: ten languages, a set judged by hand, and what a run makes of it."""

from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path

import pytest

from ragvsft.config.load import load_config
from ragvsft.config.sections import TaskConfig
from ragvsft.errors import ConfigError
from ragvsft.progress import Silent
from ragvsft.prompts import ANSWER_INSTRUCTION, REFUSAL
from ragvsft.scoring.measures import default_scorers, metric_meaning, parse
from ragvsft.scoring.scorers.instructed import refusal_in
from ragvsft.scoring.scorers.measure import ScorerSettings
from ragvsft.scoring.scorers.refusals import is_refusal, stance
from ragvsft.stages import flow
from ragvsft.stages.inputs import read_task
from ragvsft.stages.run import Run
from ragvsft.stages.start import start
from ragvsft.store.runs import RunFolder
from tests.make import a_prediction, a_sample
from tests.paths import GOLD

ROWS_FILE = GOLD / "refusals.jsonl"


def _gold() -> list[dict[str, str]]:
    return [json.loads(line) for line in ROWS_FILE.read_text(encoding="utf-8").splitlines()]


def _precision_and_recall(rows: list[dict[str, str]]) -> tuple[float, float]:
    """Return them for "refused"; what is judged unclear must not be called a refusal."""
    judged = [row["judged"] == "refused" for row in rows]
    said = [is_refusal(row["answer"], row.get("refusal", REFUSAL)) for row in rows]
    right = sum(a and b for a, b in zip(judged, said, strict=True))
    return right / sum(said), right / sum(judged)


def test_the_judged_answers_are_many_balanced_and_in_ten_languages():
    """All invented and judged by hand, none twice, about half of them refusals, in each language."""
    rows = _gold()
    assert len({row["answer"] for row in rows}) == len(rows) >= 200
    languages = {row["language"] for row in rows}
    assert languages == {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "zh", "ja"}
    for language in languages:
        judged = [row["judged"] for row in rows if row["language"] == language]
        assert 0.35 <= judged.count("refused") / len(judged) <= 0.6
    assert sum(row["part"] == "held-back" for row in rows) >= 80


def test_refusals_are_told_from_negative_facts():
    """Precision and recall on the judged answers are at least 0.97 each, and at least 0.95 in every language.

    The English patterns that were here before had precision 0.55 and recall 0.06 on them, 0.55 and 0.33 on the 135
    English ones. What is here now had, at first contact with each part that was written before the code saw it:
    precision 1.00 and recall 0.98 (held-back: 80 answers in plain wording); precision 1.00 and recall 0.55, 0.59 and
    0.68 (second, third and fourth: 252 answers that decline in freer words); 6 of 60 negative facts called refusals
    (fifth: made to look like them); precision 1.00 and recall 0.78 (sixth: 46 answers, half of them refusals).

    Another author wrote eight more parts, each judged before it was run; precision and recall at first contact:

    * review (204 answers as models write them): 0.99 and 0.90;
    * review-shapes (81: several lines, Markdown, left-over tags): 1.00 and 0.76;
    * review-fresh (66), review-last (62), review-common (53): 1.00 each; 0.80, 0.79 and 0.59;
    * review-harder (74) and review-edge (19), made to break what had just been added: 0.67 and 0.63; 0.61 and 1.00;
    * review-final (41): 1.00 and 0.76.

    What was wrong was mended each time, so this test guards what is known; on wordings that nobody thought
    of, expect precision above 0.9 and recall near 0.8.
    """
    rows = _gold()
    groups = {"all": rows} | {
        name: [r for r in rows if r["language"] == name] for name in {r["language"] for r in rows}
    }
    for name, group in groups.items():
        precision, recall = _precision_and_recall(group)
        print(f"{name}: {len(group)} answers, precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201  (pytest -s)
        assert min(precision, recall) >= (0.97 if name == "all" else 0.95), name


def test_what_is_judged_unclear_is_called_unclear():
    """And little else is: what cannot be told is the exception."""
    rows = _gold()
    said = {row["answer"]: stance(row["answer"], row.get("refusal", REFUSAL)) for row in rows}
    assert {said[row["answer"]] for row in rows if row["judged"] == "unclear"} == {"unclear"}
    assert sum(found == "unclear" for found in said.values()) <= 0.05 * len(rows)


NEGATIVE_FACTS = {
    "en": "The plan does not include dental care.",
    "de": "Der Tarif schließt Zahnersatz nicht ein.",
    "fr": "La formule ne prévoit pas de soins dentaires.",
    "es": "El plan no incluye atención dental.",
    "it": "Il piano non comprende le cure dentali.",
    "pt": "O plano não inclui tratamento dentário.",
    "nl": "Het pakket vergoedt geen tandarts.",
    "pl": "Pakiet nie obejmuje leczenia zębów.",
    "zh": "该计划不含牙科。",
    "ja": "このプランに歯科は含まれません。",
}
REPORTED = {
    "en": "According to the passages, children are not insured.",
    "de": "Laut Text sind Kinder nicht versichert.",
    "fr": "Selon le contexte, les enfants ne sont pas assurés.",
    "es": "Según el contexto, los niños no están asegurados.",
    "it": "Secondo il contesto, i bambini non sono assicurati.",
    "pt": "Segundo o contexto, as crianças não estão seguradas.",
    "nl": "Volgens de context zijn kinderen niet verzekerd.",
    "pl": "Według kontekstu dzieci nie są ubezpieczone.",
    "zh": "根据原文,儿童不在承保范围内。",
    "ja": "本文によると、子供は保険の対象ではありません。",
}
SILENT = {
    "en": "The passages never mention children.",
    "de": "Der Kontext erwähnt Kinder nicht.",
    "fr": "Les passages ne mentionnent pas les enfants.",
    "es": "Los fragmentos no mencionan a los niños.",
    "it": "I brani non menzionano i bambini.",
    "pt": "Os trechos não mencionam crianças.",
    "nl": "De passages noemen kinderen niet.",
    "pl": "Fragmenty nie wspominają o dzieciach.",
    "zh": "文中没有提及儿童。",
    "ja": "文章では子供について触れられていません。",
}
UNKNOWING = {
    "en": "I do not know that",
    "de": "Das weiß ich leider nicht",
    "fr": "Je n'en sais rien",
    "es": "No sabría decirlo",
    "it": "Non so rispondere",
    "pt": "Não sei dizer",
    "nl": "Dat weet ik echt niet",
    "pl": "Tego nie wiem",
    "zh": "我真的不知道",
    "ja": "それはわかりません",
}
FURTHER = {
    "Jag vet inte": ("Jag vet inte.", "Tyvärr, det vet jag inte.", "Svar: Jag vet inte", "Hunden får inte vara lös."),
    "Det ved jeg ikke": (
        "Det ved jeg ikke.",
        "Jeg ved det ikke",
        "Beklager, det ved jeg ikke",
        "Hunde er ikke tilladt.",
    ),
    "Δεν γνωρίζω": ("ΔΕΝ ΓΝΩΡΙΖΩ", "Λυπάμαι, δεν γνωρίζω.", "Δεν αναφέρεται στο κείμενο.", "Δεν καλύπτεται το χαλάζι."),
    "Bilmiyorum": ("BİLMİYORUM", "Üzgünüm, bilmiyorum.", "Bilmiyorum, bilmiyorum", "Evcil hayvan kabul edilmiyor."),
    "모르겠습니다": ("모르겠습니다.", "죄송합니다. 모르겠습니다.", "답변: 모르겠습니다", "우박은 보장되지 않습니다."),
    "Не знаю": ("не знаю", "Извините, я не знаю.", "К сожалению, в тексте не указано.", "Он не знает пароль."),
    "Nevím": ("nevím", "Bohužel nevím.", "Neuvedeno", "Kroupy nejsou kryty."),
    "لا أعرف": ("لا أعرف.", "عذرا، لا أعرف", "غير مذكور", "لا يسمح بالحيوانات"),
    "मुझे नहीं पता": ("मुझे नहीं पता।", "क्षमा करें, मुझे नहीं पता।", "पता नहीं", "पालतू जानवरों की अनुमति नहीं है।"),
    "ไม่ทราบ": ("ไม่ทราบ", "ขออภัย ไม่ทราบค่ะ", "ไม่พบข้อมูล", "ไม่อนุญาตให้เลี้ยงสัตว์"),
    "Tôi không biết": ("Không biết", "Xin lỗi, tôi không biết.", "Không có thông tin", "Không được mang thú cưng."),
}


@pytest.mark.parametrize("refusal", FURTHER)
def test_in_further_languages_whole_answers_that_decline_are_refusals(refusal):
    """With a word of regret or "Answer:" before them; the last one of each is a negative fact."""
    *declining, fact = FURTHER[refusal]
    assert {text: stance(text, refusal) for text in declining} == dict.fromkeys(declining, "refused")
    assert stance(fact, refusal) == "answered"
    assert stance(declining[1]) == "refused"  # also where the task says nothing of it


SHAPES = [
    "I don't know.\n\nI don't know.",
    "</think>\n\nI don't know.",
    "<answer>Not stated in the passages.</answer>",
    "# Answer\n\nThe context holds no such figure.",
    "The answer is: I don't know.",
    "- Not mentioned in the passages.",
    "**Réponse :** je ne sais pas",
    "## Antwort\n\nDas steht nicht im Text.",
    "The context discusses leave, but the passages do not mention overtime.",
    "**回答:** 文中未提及。",
]


@pytest.mark.parametrize("text", SHAPES)
def test_headings_tags_and_repetition_are_no_part_of_an_answer(text):
    """Models write Markdown, leave tags over and say things twice."""
    assert stance(text) == "refused"


@pytest.mark.parametrize(
    "text",
    [
        "It is not possible to identify individual customers from the data.",
        "Con los datos no es posible identificar a una persona.",
        "No context switch is needed when both threads share a core.",
        "They cannot tell the two species apart.",
        "With the data plan it is not possible to answer calls abroad.",
        "Non ci sono passaggi pedonali.",
        "Not covered.",
    ],
)
def test_who_cannot_tell_something_of_the_domain_has_answered(text):
    """Data that somebody collected is not what the model was given."""
    assert stance(text) == "answered"


GUESSES = {
    "en": "I don't know, but it is probably 30 days.",
    "de": "Das weiß ich nicht, aber wohl 30 Tage.",
    "fr": "Je ne sais pas, mais probablement 30 jours.",
    "es": "No lo sé, quizás 30 días.",
    "it": "Non lo so, forse 30 giorni.",
    "pt": "Não sei, talvez 30 dias.",
    "nl": "Dat weet ik niet, misschien 30 dagen.",
    "pl": "Nie wiem, chyba 30 dni.",
    "zh": "我不知道,大概30天。",
    "ja": "わかりませんが、たぶん30日です。",
}


@pytest.mark.parametrize("language", NEGATIVE_FACTS)
def test_in_every_language_a_negative_fact_is_an_answer(language):
    """Also one that names the context as its source."""
    assert stance(NEGATIVE_FACTS[language]) == "answered"
    assert stance(REPORTED[language]) == "answered"


@pytest.mark.parametrize("language", SILENT)
def test_in_every_language_a_silent_context_and_not_knowing_are_refusals(language):
    """However the text is encoded, capitalised and quoted."""
    for text in (SILENT[language], UNKNOWING[language]):
        for written in (text, text.upper(), f"“{text}”", f"**{text}**", unicodedata.normalize("NFD", text)):
            assert stance(written) == "refused", written


@pytest.mark.parametrize("language", GUESSES)
def test_in_every_language_a_refusal_with_a_guess_is_an_answer(language):
    """Who guesses wants to be right."""
    assert stance(GUESSES[language]) == "answered"


@pytest.mark.parametrize(
    "text",
    [
        "The tablets do not contain lactose.",
        "There is no information desk on level 2.",
        "Employees cannot be contacted on Sundays.",
        "I cannot accept returns without a receipt.",
        "We are unable to confirm bookings by phone.",
        "A patient who does not know the dose must call the ward.",
        "There is no indication of liver damage.",
        "The text field does not accept umlauts.",
        "The passage does not lead to the cellar.",
        "The court could not determine the cause, so nobody was liable.",
        "No answer within ten days counts as consent.",
        "No details are stored.",
        "The label must not mention the donor.",
        "The passages do not only mention hail, they list frost too.",
        "The passages say that refunds are not possible.",
        "未发现副作用。",
        "不知道密码的用户不能登录。",
        "わからない場合は受付に連絡してください。",
        "Die Frage ist unzulässig.",
        "Ik heb geen auto.",
        "No tengo esa talla.",
    ],
)
def test_what_is_said_of_the_world_is_an_answer(text):
    """In insurance, medicine, law, support: that something is not so is what was asked for."""
    assert stance(text) == "answered"


@pytest.mark.parametrize(
    "text",
    [
        "The contract does not mention a deadline.",
        "Der Vertrag sagt nichts über Haustiere.",
        "The cause is not known.",
        "I don't know. Tenants pay the gardener.",
    ],
)
def test_what_may_be_either_is_unclear(text):
    """A thing of the domain that is silent, an unknown cause, a refusal with a plain statement after it."""
    assert stance(text) == "unclear"


@pytest.mark.parametrize(
    "refusal", ["Keine Angabe", "NOT FOUND", "Geen antwoord mogelijk.", "資料に記載なし", "Δεν γνωρίζω"]
)
def test_what_the_task_told_the_model_to_say_is_a_refusal_in_any_language(refusal):
    """And so are its near copies; a longer text that begins like it is not."""
    copies = [refusal, refusal.lower(), f"{refusal}!", f"Answer: {refusal}", f"„{refusal}“", f"Sorry, {refusal}"]
    assert {stance(copy, refusal) for copy in copies} == {"refused"}
    assert stance("Unknown Pleasures", "Unknown") == "answered"
    assert stance("Keine Angabe ist Pflicht", "Keine Angabe") == "answered"
    assert stance("Found in room 4", "NOT FOUND") == "answered"


def test_an_empty_text_is_never_a_refusal():
    """Saying nothing may be a broken model."""
    assert {stance(text) for text in ("", "  \n", "...", "“”", "\u200b")} == {"answered"}


@pytest.mark.parametrize(
    "piece", ["I do not ", "ich kann nicht ", "la information n", "ik kan niet ", "我不", ", ", "x"]
)
def test_a_model_that_repeats_itself_does_not_hold_a_run_up(piece):
    """50,000 characters are judged in seconds, on any machine."""
    begun = time.perf_counter()
    stance(piece * (50_000 // len(piece)))
    assert time.perf_counter() - begun < 5


def test_a_refusal_before_a_long_explanation_is_one():
    """It is said early."""
    assert stance("I don't know. " + "The passages only deal with leave. " * 500) == "refused"


INSTRUCTIONS = {
    "Antworte in wenigen Worten oder sage: Das weiß ich nicht.": "Das weiß ich nicht",
    "Réponds en quelques mots, ou dis : Je ne sais pas.": "Je ne sais pas",
    "Responde en pocas palabras o di: No lo sé.": "No lo sé",
    "Rispondi in poche parole, oppure scrivi: Non lo so.": "Non lo so",
    "Odpowiedz w kilku słowach albo napisz: Nie wiem.": "Nie wiem",
    "Answer from the passages. If they do not hold the answer, reply with “NOT IN THE FILES”.": "NOT IN THE FILES",
    "Antworte kurz. Steht die Antwort nicht im Text, schreibe „KEINE ANGABE“.": "KEINE ANGABE",
    "短く答えてください。わからない場合は「わかりません」と答えてください。": "わかりません",
    "如果资料中没有答案,请回答“无法回答”。": "无法回答",
    "Svara kort, eller säg: Jag vet inte.": "Jag vet inte",
    'Kısaca cevap ver. Bilmiyorsan "Bilmiyorum" de.': "Bilmiyorum",
    '짧게 답하세요. 모르면 "모르겠습니다"라고 답하세요.': "모르겠습니다",
    "Отвечай кратко. Если не знаешь, напиши «Не знаю».": "Не знаю",
    "Απάντησε σύντομα ή πες: Δεν γνωρίζω.": "Δεν γνωρίζω",
    "Say 'No answer' if the passages have none.": "No answer",
    'Answer from the passages. Never say "I don\'t know".': None,
    "Antworte kurz. Sage niemals „Das weiß ich nicht“.": None,
    "Answer 'yes' or 'no'.": None,
    "If unsure, say that you don't know.": None,
    "Return the number only, do not explain.": None,
    "Be brief.": None,
}


@pytest.mark.parametrize("instruction", INSTRUCTIONS)
def test_the_refusal_text_is_found_in_the_instruction(instruction):
    """Where it can be told; nothing is guessed elsewhere."""
    assert refusal_in(instruction) == INSTRUCTIONS[instruction]
    assert read_task(TaskConfig(instruction=instruction)).refusal == (INSTRUCTIONS[instruction] or REFUSAL)


def test_task_refusal_stands_in_the_shared_instruction():
    """What counts as a refusal is what the model is told to say; without it the prompt is as it always was."""
    task = read_task(TaskConfig(refusal="No data."))
    assert (task.instruction, task.refusal) == ("Answer in a few words, or say: No data.", "No data.")
    assert read_task(TaskConfig()).instruction == ANSWER_INSTRUCTION
    own = read_task(TaskConfig(instruction="Sag ‚weiß nicht‘, wenn du es nicht weißt.", refusal="weiß nicht"))
    assert (own.instruction, own.refusal) == ("Sag ‚weiß nicht‘, wenn du es nicht weißt.", "weiß nicht")


@pytest.mark.parametrize(
    ("refusal", "said"), [("", "is empty"), (" ", "is empty"), (" .", "says nothing"), ("'...'", "says nothing")]
)
def test_a_refusal_text_that_says_nothing_is_refused(tmp_path, refusal, said):
    """It would make every empty answer right."""
    config = tmp_path / "ragvsft.yaml"
    config.write_text(json.dumps({"corpus": "c", "evalset": "e", "variants": ["prompt"], "task": {"refusal": refusal}}))
    with pytest.raises(ConfigError, match=f"task.refusal: .*{said}"):
        load_config(config)


def _score(name: str, text: str, *targets: str, refusal: str = REFUSAL) -> float | None:
    return parse(name, ScorerSettings(refusal=refusal)).score(a_sample("s", "Is it so?", targets), a_prediction(text))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Unknown", "unknown"),
        ("I do not know him.", "I do not know him"),
        ("The contract does not mention a deadline.", "The contract does not mention any deadline"),
        ("No information is given.", "No information is given to callers"),
        ("Nicht bekannt.", "Nicht bekannt"),
        ("It is not stated in the passages.", "not stated"),
        ("わかりません", "わかりません"),
    ],
)
def test_an_answer_that_agrees_with_a_negative_target_is_no_refusal(text, target):
    """The target says what is right, also where it reads like a refusal."""
    assert (_score("refused", text, target), _score("unclear", text, target)) == (0, 0)
    assert _score("token_f1", text, target) > 0


@pytest.mark.parametrize("target", ["No", "No, hail is not covered", "Nobody", "I know", "30 days"])
def test_a_refusal_that_no_target_agrees_with_stays_one(target):
    """Sharing a word with a negative target is not enough."""
    for text in ("I don't know", "I have no idea.", "The passages do not say."):
        assert (_score("refused", text, target), _score("token_f1", text, target)) == (1, 0)


def test_an_unclear_text_is_compared_to_the_targets_and_abstains_from_nothing():
    """It is counted apart, in every stratum."""
    text = "The handbook does not mention beards."
    assert _score("unclear", text, "Beards are allowed") == 1
    assert _score("refused", text, "Beards are allowed") == 0
    assert _score("contains", text, "beards") == 1
    assert (_score("unclear", text), _score("abstained", text), _score("token_f1", text)) == (1, 0, 0)
    assert parse("unclear").better == "lower"
    assert "deadline" in metric_meaning("unclear")
    assert "unclear" in {scorer.name for scorer in default_scorers("answer", ks=[3])}


def test_scorers_know_the_refusal_of_the_task():
    """It is the same word for all of them, and a plain answer without it."""
    assert _score("abstained", "Fehlanzeige", refusal="Fehlanzeige") == 1
    assert _score("abstained", "Fehlanzeige") == 0
    assert _score("refused", "fehlanzeige.", "42 Euro", refusal="Fehlanzeige") == 1


def _run(folder: Path, samples: list[dict], answers: dict[str, dict[str, str]], task: dict[str, str]) -> Path:
    """Run the scripted engine, put the answers in place of its own, score again; return the run folder."""
    (folder / "documents").mkdir()
    for sample in samples:
        (folder / "documents" / sample["doc_ids"][0]).write_text(f"# {sample['question']}\n\nA rule of some length.\n")
    rows = "".join(json.dumps({"stratum": "rephrased", **sample}) + "\n" for sample in samples)
    (folder / "questions.jsonl").write_text(rows)
    config = {
        "corpus": "documents", "evalset": "questions.jsonl", "variants": ["prompt", "rag"], "task": task,
        "engine": {"kind": "scripted"}, "rag": {"encoder": "packaged"}, "latency": {"requests": 0, "warmup": 0},
        "statistics": {"resamples": 200}, "output": "out", "cache": "cache",
    }  # fmt: skip
    (folder / "ragvsft.yaml").write_text(json.dumps(config))
    run = start(load_config(folder / "ragvsft.yaml"), limit=None, progress=Silent(), environ={})
    with run.folder:
        flow.do_all(run)
    said = [json.loads(line) for line in run.folder.file("predictions").read_text().splitlines()]
    for row in said:
        row["outcome"]["text"] = answers[row["sample_id"]][row["variant"]]
    run.folder.file("predictions").write_text("".join(json.dumps(row) + "\n" for row in said))
    _again(run.folder.path)
    return run.folder.path


def _again(run: Path) -> None:
    with RunFolder.open(run) as folder:
        opened = Run(folder, Silent(), {})
        flow.do(opened, "score")
        flow.do(opened, "report")


def _means(run: Path) -> dict[tuple[str, str], float]:
    rows = json.loads((run / "metrics.json").read_text())
    return {(row["name"], row["variant"]): row["value"] for row in rows if row["stratum"] is None}


THINGS = ("stairlifts", "wigs", "acupuncture", "travel vaccines", "hearing aids", "night guards", "cupping", "massages")


def test_who_says_what_is_not_covered_wins_over_who_lies(tmp_path):
    """Right negative answers score, so the variant that gives them is recommended (health insurance, eight rules)."""
    samples = [
        {
            "sample_id": f"q{n}",
            "question": f"Does the plan pay for {thing}?",
            "targets": [f"No, the plan does not cover {thing}"],
            "doc_ids": [f"rule-{n}.md"],
        }
        for n, thing in enumerate(THINGS)
    ]
    answers = {
        f"q{n}": {"prompt": f"Yes, {thing} are paid for", "rag": f"The plan does not cover {thing}."}
        for n, thing in enumerate(THINGS)
    }
    run = _run(tmp_path, samples, answers, {})
    means = _means(run)
    assert (means["refused", "rag"], means["unclear", "rag"]) == (0, 0)
    assert means["token_f1", "rag"] > 0.9 > 0.5 > means["token_f1", "prompt"]
    assert json.loads((run / "decision.json").read_text())["variant"] == "rag"


TASKS = [
    ({"instruction": "Réponds en quelques mots, ou dis : Je ne sais pas."}, "Je ne sais pas."),
    ({"instruction": "Odpowiedz krótko albo napisz: Nie wiem."}, "Tego niestety nie wiem."),
    ({"instruction": "簡潔に答えるか、「不明」と答えてください。"}, "不明です"),
    ({"instruction": "Απάντησε σύντομα.", "refusal": "Δεν γνωρίζω"}, "Δεν γνωρίζω!"),
    ({"refusal": "Outside my files"}, "Answer: outside my files"),
]


@pytest.mark.parametrize(("task", "said"), TASKS)
def test_a_refusal_in_the_language_of_the_task_is_abstaining(task, said):
    """On questions that the corpus does not answer it scores 1, an invented price 0."""
    refusal = read_task(TaskConfig(**task)).refusal
    for name in ("abstained", "token_f1", "exact_match", "contains"):
        assert (_score(name, said, refusal=refusal), _score(name, "42 Euro", refusal=refusal)) == (1, 0)


def test_a_run_with_a_task_of_its_own_knows_its_refusals(tmp_path):
    """100 % abstaining for the variant that says what it was told to, 0 % for the one that invents a price."""
    samples = [
        {"sample_id": f"q{n}", "question": f"{n}?", "targets": [], "doc_ids": [f"d{n}.md"], "stratum": "unanswerable"}
        for n in range(4)
    ]
    task, said = TASKS[3]
    run = _run(tmp_path, samples, {f"q{n}": {"prompt": "42 Euro", "rag": said} for n in range(4)}, task)
    means = _means(run)
    assert (means["abstained", "rag"], means["token_f1", "rag"]) == (1, 1)
    assert (means["abstained", "prompt"], means["token_f1", "prompt"]) == (0, 0)


def test_a_run_from_before_task_refusal_is_scored_as_it_was_asked(tmp_path):
    """Its manifest names none, and the shared instruction says "I don't know"."""
    sample = {"sample_id": "q", "question": "Cost?", "targets": [], "doc_ids": ["d.md"], "stratum": "unanswerable"}
    run = _run(tmp_path, [sample], {"q": {"prompt": "42", "rag": "I don't know"}}, {})
    manifest = json.loads((run / "manifest.json").read_text())
    del manifest["task"]["refusal"], manifest["config"]["task"]["refusal"]
    (run / "manifest.json").write_text(json.dumps(manifest))
    _again(run)
    assert _means(run)["abstained", "rag"] == 1
    assert "Unclear" in (run / "report.html").read_text()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's not in the text.", "refused"),
        ("That isn't anywhere in these excerpts.", "refused"),
        ("The answer is not in the given passages.", "refused"),
        ("This information is not in the documents provided.", "refused"),
        ("It is not in the text message but in the mail.", "answered"),
        ("The valve is not in the documents drawer.", "answered"),
        ("It isn't in the passage between the two houses.", "answered"),
    ],
)
def test_what_is_not_in_the_passages_is_not_known_and_what_is_not_in_a_drawer_is_a_fact(text, expected):
    """Only where the sentence ends with the context, and something of it is meant."""
    assert stance(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I don't know",
        "I don’t know.",
        "i do not know",
        "I'm not sure about that.",
        "Sorry, I cannot answer this.",
        "I'm sorry, but I don't know.",
        "The passages do not say how long it takes.",
        "The provided context doesn't mention a fee.",
        "None of the passages mention it.",
        "Based on the passages, it is not stated.",
        "There is no information about the fee.",
        "Not enough information",
        "Not mentioned in the passages.",
        "It cannot be determined.",
        "Unknown",
        "I do not have enough information to answer.",
        "I don't know. The passages only cover travel within Europe.",
    ],
)
def test_usual_ways_of_declining_are_refusals(text):
    """Nobody keeps to one wording, and models least."""
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "21 days",
        "No",
        "none",
        "Unknown Pleasures",
        "I don't know, but probably 21 days",
        "The passages do not say. However, 21 days is usual.",
        "Not before 2021",
        "The policy says 21 days",
        "Information security officer",
        "No information security training is needed before 2027, then every year",
    ],
)
def test_answers_and_silence_are_no_refusals(text):
    """A hedge with an answer is an answer, and an empty text says nothing at all."""
    assert not is_refusal(text)
