"""Keys of many makers, and what only looks like one."""

from __future__ import annotations

import pytest

from ragvsft.masking import HIDDEN, masked

HEX = "0123456789abcdef" * 2
MIXED = "abcdEFGH1234ijklMNOP5678qrst"
KEYS = {  # a text, and the part of it that nobody may see
    "slack app": (f"xapp-1-A01ABCDEF-1234567890-{HEX}", HEX),
    "slack webhook": ("https://hooks.slack.com/services/T00000000/B00000000/XXabcdEFGH", "XXabcdEFGH"),
    "google client": ("GOCSPX-abcdEFGHijklMNOPqrst", "abcdEFGHijkl"),
    "gitlab deploy": ("gldt-AbCdEfGh12345678Zz", "AbCdEfGh12345678Zz"),
    "stripe webhook": (f"whsec_{MIXED}", MIXED),
    "twilio": (f"SK{HEX}", HEX),
    "sendgrid": ("SG.abcdefghijklm.nopqrst", "nopqrst"),
    "vault": ("hvs.CAESIabcdefghijklmnop", "CAESIabcdefghijklmnop"),
    "databricks": (f"dapi{HEX}", HEX),
    "linear": (f"lin_api_{MIXED}", MIXED),
    "notion": (f"secret_{MIXED}", MIXED),
    "grafana": (f"glsa_{MIXED}_1a2b3c4d", MIXED),
    "doppler": (f"dp.pt.{MIXED}", MIXED),
    "pinecone": ("pcsk_abcdE_FGH1234ijklMN5678", "FGH1234ijklMN5678"),
    "docker": (f"dckr_pat_{MIXED}", MIXED),
    "password with @": ("postgres://app:p@ss/w0rd@db:5432/x", "w0rd"),
    "password with /": ("postgres://app:pa/ss123@db:5432/x", "ss123"),
    "curl": ("curl -u joe:hunter2 https://x", "hunter2"),
    "query": ("https://a.example/b?x=1&password=sommer", "sommer"),
    "said": ("password: sommer2026", "sommer2026"),
    "said header": ("X-Api-Key: abcd1234xyz", "abcd1234xyz"),
    "german": ("Passwort=sommer", "sommer"),
    "spanish": ("contraseña = verano", "verano"),
    "connection": ("Server=db;User Id=sa;Pwd=sommer;", "sommer"),
    "account key": ("AccountName=acc;AccountKey=abc+def/ghi==;EndpointSuffix=x", "abc+def/ghi"),
}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("around", ["{}", "model '{}': no such folder", "a, {}\nb"])
def test_no_part_of_a_key_is_shown(name: str, around: str) -> None:
    """A key is hidden whole, and the text around it stays."""
    text, secret = KEYS[name]
    shown = masked(around.format(text))
    assert secret not in shown
    assert HIDDEN in shown
    assert shown.startswith(around.partition("{}")[0])


@pytest.mark.parametrize(
    "text",
    [
        "the password: see the notice board",
        "price per token: 3",
        "passages.tokens: 112",
        "hub_token: a secret stands here only as ${ENV_NAME}",
        "https://example.org:8080/~anna@home/page",
        "Rechtsschutzversicherungsgesellschaften.md",
        "Corpus/Handbook/Holidays/Part-time/2026/a",
        "nvidia/Llama-3_3-Nemotron-Super-49B-v1_5",
        "sample_id 'secret_santa_rules' is already used",
        "SKU 1234567890, dapifer, shpat",
        "TX-200-2026-11-24T10-00-00",
        "5ae0d91e55429924de1b7198",
    ],
)
def test_names_and_sentences_stay(text: str) -> None:
    """Names, ids, places and sentences about passwords are shown as they are."""
    assert masked(text) == text
