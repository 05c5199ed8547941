"""Schemas that several tests check."""

from __future__ import annotations

NAME = {"name": {"type": "string"}}
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
