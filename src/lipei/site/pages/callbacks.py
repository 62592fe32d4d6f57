"""Where parties outside tell us things unasked. Signed, fresh, answered fast; a copy does nothing.

They are told 2xx once a thing is kept, 401 where the signature or the time is wrong, 415 or 422
where it is not understood. At anything else, or at silence, they come again.
"""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lipei.ch01_general.aims import follow_message
from lipei.ch01_general.core_policies import follow_core
from lipei.ch04_payment.methods import follow_payment
from lipei.kit import bank, core, messages
from lipei.kit.bodies import JSON
from lipei.kit.callbacks import Callback, CallbackRejected, read_callback
from lipei.kit.outside import Outage

log = logging.getLogger("lipei.callbacks")
KEPT, FORGED, NOT_JSON, ODD = 204, 401, 415, 422


@csrf_exempt
@require_POST
def from_bank(request: HttpRequest) -> HttpResponse:
    """The bank says what became of a payment."""
    return _answered(request, bank.NAME)


@csrf_exempt
@require_POST
def from_messages(request: HttpRequest) -> HttpResponse:
    """The message gateway says whether a text has arrived."""
    return _answered(request, messages.NAME)


@csrf_exempt
@require_POST
def from_core(request: HttpRequest) -> HttpResponse:
    """The core system says that a policy was endorsed, or its premium paid."""
    return _answered(request, core.NAME)


def _answered(request: HttpRequest, sender: str) -> HttpResponse:
    if request.content_type != JSON:
        return _no("not_json", NOT_JSON)
    try:
        told = read_callback(request.body, headers=request.headers, sender=sender)
        _follow(told, sender)
    except CallbackRejected as no:
        log.warning("callback of %s refused: %s", sender, no)
        return _no("signature_wrong", FORGED)
    except Outage as odd:
        log.warning("callback of %s not understood: %s", sender, odd.reason)
        return _no("not_understood", ODD)
    return HttpResponse(status=KEPT)


def _follow(told: Callback, sender: str) -> None:
    if sender == bank.NAME:
        follow_payment(bank.payment_told(told))
    elif sender == core.NAME:
        follow_core(core.event_told(told))
    else:
        follow_message(messages.message_told(told))


def _no(code: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code}, status=status)


namespace = "callbacks"
prefix = "callbacks/"
urlpatterns = [
    path("bank/", from_bank, name="bank"),
    path("core/", from_core, name="core"),
    path("messages/", from_messages, name="messages"),
]
