"""MiniLM's word pieces with an end mark only, and rules that turn pieces back into readable text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, processors
from transformers import PreTrainedTokenizerFast

CHAT_TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"

QUOTE = r'(?<!\\)"'
REST_HAS_EVEN_QUOTES = rf'(?=(?:(?:[^"\\]|\\.)*{QUOTE}(?:[^"\\]|\\.)*{QUOTE})*(?:[^"\\]|\\.)*$)'
REST_HAS_ODD_QUOTES = rf'(?=(?:[^"\\]|\\.)*{QUOTE}(?:(?:[^"\\]|\\.)*{QUOTE}(?:[^"\\]|\\.)*{QUOTE})*(?:[^"\\]|\\.)*$)'
FILE_OR_SITE = r"(?:com|org|net|edu|gov|io|pdf|txt|csv|html|json|xml)\b"

# pieces come with a space between words and punctuation: (what is too much, what stands there instead), in this order
SPACING: tuple[tuple[str, str], ...] = (
    (r"\\ ", "\\"),  # JSON's own escapes
    (rf"{QUOTE} {REST_HAS_ODD_QUOTES}", '"'),  # an opening quote
    (rf" {QUOTE}{REST_HAS_EVEN_QUOTES}", '"'),  # a closing one
    (r'\\" (?=[^"\\]*\\")', '\\"'),  # quotes within a JSON string
    (r' \\"(?! ?[^"\\]*\\")', '\\"'),
    (r"“ ", "“"),
    (r" ”", "”"),
    (r" (?=[.,;:!?)\]}%])", ""),
    (r"(?<=[(\[{]) ", ""),
    (r"(?<=\w) ' (?=(?:s|t|re|ve|ll|d|m)\b)", "'"),  # don't, she's
    (r"(?<=\b[odlmc]) ' (?=\w)", "'"),  # o'brien, d'artagnan
    (r"(?<=\w) ’ (?=\w)", "’"),
    (r" '(?= |$)(?!.* '(?: |$))", "'"),  # the last of single quotes closes
    (r"(?<![^ ])' (?=[^']*\w'(?!\w))", "'"),  # and one before it opens
    (r"(?<=\w) - (?=\w)", "-"),  # well-known, ab-1234, 2026-03-04
    (r"- (?=\d)", "-"),
    (r"(?<=\d) – (?=\d)", "–"),
    (r" ?_ ?", "_"),
    (r" ?/ ?", "/"),
    (r" @ ", "@"),
    (r"(?<=\d[.:]) (?=\d)", ""),  # 12.50, 10:30
    (r'(?<=\d,) (?=\d{3}(?!\d)(?![^"\[]*\]))', ""),  # 1,000, but not the numbers of a JSON list
    (r"(?<=[$€£]) (?=\d)", ""),
    (r"# (?=\d)", "#"),
    (r"\+ (?=\d)", "+"),
    (r" \+ \+", "++"),
    (r"(?<=°) (?=[cf]\b)", ""),
    (r"(?<=\b[a-z]\.) (?=[a-z]\.)", ""),  # u.s.
    (r"(?<=\w\.) (?=[\w.-]+@)", ""),  # j.doe@
    (r"@[\w-]+\.\K (?=\w)", ""),  # @mail.com
    (r"@[\w-]+\.[\w-]+\.\K (?=\w)", ""),  # @mail.co.uk
    (rf"(?<=\w\.) (?=(?:[\w-]+\.)?{FILE_OR_SITE})", ""),
    (r"www\. ", "www."),
    (r"^i don't know", "I don't know"),  # prompts.REFUSAL
)


def build_tokenizer(minilm: Path) -> PreTrainedTokenizerFast:
    """Return the generator's tokenizer: every text, prompt or target, becomes its pieces and [SEP], the end mark."""
    pieces = Tokenizer.from_str(json.dumps(json.loads(minilm.read_text()) | {"padding": None, "truncation": None}))
    pieces.post_processor = processors.TemplateProcessing(
        single="$A [SEP]", pair="$A [SEP] $B:1 [SEP]:1", special_tokens=[("[SEP]", pieces.token_to_id("[SEP]"))]
    )
    pieces.decoder = decoders.Sequence(
        [
            decoders.WordPiece(cleanup=False),
            decoders.Fuse(),
            *(decoders.Replace(Regex(pattern), instead) for pattern, instead in SPACING),
        ]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=pieces,
        bos_token="[CLS]",
        cls_token="[CLS]",
        eos_token="[SEP]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        unk_token="[UNK]",
        mask_token="[MASK]",
        model_max_length=2048,
        clean_up_tokenization_spaces=False,
        chat_template=CHAT_TEMPLATE,
    )
