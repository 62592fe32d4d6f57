"""Once: a command under an idempotency key happens once and answers the same again.

Scoped by actor, command and key, kept in the command's own transaction, inserted first: a
second caller waits for the first one's commit. A refusal is not kept, because it rolls back.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import connection, transaction

from lipei.kit.clock import now
from lipei.kit.models import Answer
from lipei.kit.refusal import Refused

KEPT = timedelta(days=30)


@dataclass
class Kept:
    """What was answered before, or what this call answers now."""

    before: dict[str, object] | None
    answer: dict[str, object] | None = None


_FIRST = """
INSERT INTO kit_answer (actor, command, key, body_hash, answer, at)
VALUES (%s, %s, %s, %s, 'null'::jsonb, %s) ON CONFLICT DO NOTHING RETURNING id
"""


@contextmanager
def once(actor: str, command: str, *, key: str, body: dict[str, object]) -> Iterator[Kept]:
    """Open a command under a key. `kept.before` holds the former answer, if there was one.

    Refuses `key_reused` where another body came under the same key.
    """
    assert connection.in_atomic_block, "once() belongs inside a command's transaction"
    digest = body_digest(body)
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [actor, command, key, digest, now()])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "SELECT body_hash, answer FROM kit_answer "
                "WHERE actor = %s AND command = %s AND key = %s",
                [actor, command, key],
            )
            kept_hash, answer = cursor.fetchone()
            if kept_hash != digest:
                raise Refused("request_repeated_otherwise")
            yield Kept(before=json.loads(answer) if isinstance(answer, str) else answer)
            return
    kept = Kept(before=None)
    yield kept
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_answer SET answer = %s::jsonb WHERE id = %s",
            [json.dumps(kept.answer), row[0]],
        )


def kept_answer(
    actor: str, command: str, *, key: str, body: dict[str, object]
) -> dict[str, object] | None:
    """What was answered under a key before, or none. Refusals as `once`; writes nothing."""
    found = Answer.objects.filter(actor=actor, command=command, key=key).first()
    if found is None:
        return None
    if found.body_hash != body_digest(body):
        raise Refused("request_repeated_otherwise")
    answer: dict[str, object] | None = found.answer
    return answer


def acted_once(
    actor: str, command: str, *, key: str, body: dict[str, object],
    act: Callable[[], dict[str, object]],
) -> dict[str, object]:  # fmt: skip
    """Do what a command does once under a form's key; the second press gets the same answer.

    For pages whose commands take no key of their own. A refusal is not kept.
    """
    with transaction.atomic(), once(actor, command, key=key, body=body) as kept:
        if kept.before is None:
            kept.answer = act()
            return kept.answer
        return kept.before


def body_digest(body: dict[str, object]) -> str:
    """The digest by which two bodies under one key are held to be the same."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


def forget_old_answers() -> int:
    """Forget answers that are older than thirty days; nobody asks again so late. How many."""
    return Answer.objects.filter(at__lt=now() - KEPT).delete()[0]
