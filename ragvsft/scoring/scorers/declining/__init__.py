"""How ten languages say that they do not know, or that what they were given does not say.

All of it is written as `copies.folded` leaves a text: lower case, without accents ("weiss", "no se", "nao"). A
pattern needs a first person ("ich weiss nicht"), an impersonal "it cannot be answered", or the context as that which
does not speak. None matches what a text says of the world: "the policy does not cover hail" is an answer.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One language's words, as regular expressions; an empty one matches nothing."""

    lead_in: str  # what may stand before anything: "answer:", "sorry", "based on the passages,"
    but: str  # what turns against the sentence before: "but", "however"
    guess: str  # what says that a guess follows: "probably"
    refusal: str  # begins a clause that declines, in the first person or impersonally
    whole: str  # a clause that declines and holds nothing else: "no idea", "not stated"
    context: str  # what the model was given, and nothing else: "passages", "context", "the documents"
    text: str  # what it was given, or a thing of the domain: "text", "article"
    paper: str  # a thing of the domain, or what it was given: "policy", "contract"
    unsaid: str  # negated saying: "does not mention", "no information", "nothing"
    unheld: str  # negated holding: "does not contain"; a policy does not cover what it excludes
    vague: str = ""  # may decline or state a fact: "is not known"
    aside: str = ""  # begins a clause that neither answers nor declines: "please ask", "they only cover"
