"""4.3 on screen: the receipt of a credited order, for staff."""

from django.http import HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_GET

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch04_payment.models import Voucher
from lipei.kit import files
from lipei.kit.refusal import Refused


@require_GET
@staff_page("vouchers.file", "ledger.view", "claims.view")
def voucher(request: StaffRequest, number: int) -> HttpResponseBase:
    """The receipt as it was kept; one of a claim that is not theirs does not exist."""
    found = Voucher.objects.select_related("order__exposure__claim").filter(number=number)
    held = found.first() if number < 2**31 else None
    if held is None:
        raise Refused("file_not_found")
    claim_for(request.actor, held.order.exposure.claim.number, duty="claims.view")
    return files.serve(request, sha256=held.sha256, filename=f"{held}.pdf")


namespace, prefix = "desk", ""
urlpatterns = [path("pay/vouchers/<int:number>/", voucher, name="voucher")]
