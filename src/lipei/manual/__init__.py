"""The work manual as data: sections, clauses, refusals, posts and authority. Pure."""

from lipei.manual.authority_matrix import (
    Authority,
    Level,
    Step,
    authority,
    install_authority,
    shipped_authority,
    step_rows,
    steps_from,
)
from lipei.manual.clauses import Clause, Limit, clause_from, columns_of
from lipei.manual.loosening import FIXED, changed_names, loosened
from lipei.manual.post_list import Apart, Duty, Post, Posts, posts
from lipei.manual.refusal_list import (
    WORDS,
    Refusal,
    holes_changed,
    install_words,
    refusal,
    refusals,
    shipped_refusals,
)
from lipei.manual.register import (
    Register,
    Section,
    clause,
    install,
    installed,
    section,
    sections,
    shipped,
    tell_today,
)

__all__ = [
    "FIXED",
    "WORDS",
    "Apart",
    "Authority",
    "Clause",
    "Duty",
    "Level",
    "Limit",
    "Post",
    "Posts",
    "Refusal",
    "Register",
    "Section",
    "Step",
    "authority",
    "changed_names",
    "clause",
    "clause_from",
    "columns_of",
    "holes_changed",
    "install",
    "install_authority",
    "install_words",
    "installed",
    "loosened",
    "posts",
    "refusal",
    "refusals",
    "section",
    "sections",
    "shipped",
    "shipped_authority",
    "shipped_refusals",
    "step_rows",
    "steps_from",
    "tell_today",
]
