"""What the endpoints of branches and people take and answer."""

from datetime import date, datetime
from typing import Annotated

from ninja import Path
from pydantic import Field

from lipei.ch01_general import naming
from lipei.ch01_general.people import CERTIFICATES, HIGHEST_LEVEL
from lipei.ch06_systems.security import EVIDENCE
from lipei.kit import fields
from lipei.kit.api import Body, Told
from lipei.kit.fields import Checked

LARGEST = 2**53 - 1
Username = Annotated[str, Checked(naming.username, examples=["wangmin"], maxLength=40)]
Number = Annotated[str, Checked(naming.staff_number, examples=["20817"], maxLength=12)]
StaffName = Annotated[str, Checked(naming.staff_name, examples=["王敏"], maxLength=40)]
Code = Annotated[str, Checked(naming.branch_code, examples=["31"], maxLength=12)]
BranchName = Annotated[str, Checked(naming.branch_name, examples=["上海分公司"], maxLength=80)]
Department = Annotated[str, Checked(naming.department_name, examples=["理赔一部"], maxLength=40)]
Colleague = Annotated[str, fields.text(40, empty=True, example="linyue")]
Phone = Annotated[str, fields.or_none(fields.Phone)]
InPath = Annotated[str, fields.text(40, example="wangmin"), Path(description="用户名。")]
CodeInPath = Annotated[str, fields.text(12, example="31"), Path(description="机构编号。")]
Row = Annotated[int, Path(ge=1, le=LARGEST, description="这一行的编号。")]


class BranchBody(Body):
    """A branch below another."""

    code: Code
    name: BranchName
    under: Code


class NameBody(Body):
    """What a branch is called from now on."""

    name: BranchName


class DepartmentBody(Body):
    """A department of a branch."""

    name: Department


class PostBody(Body):
    """A post: which, at what level, where, from when to when."""

    post: Annotated[str, fields.text(4, example="SP")]
    department: Department
    branch: Code
    level: int = Field(0, ge=0, le=HIGHEST_LEVEL)
    since: fields.Day | None = Field(None, description="不填就是今天。")
    until: fields.Day | None = Field(None, description="最后一天；不填就是长期。")


class PersonBody(Body):
    """A new colleague with a first post; they come in by the link that is answered."""

    username: Username
    name: StaffName
    number: Number
    phone: Phone = ""
    post: Annotated[str, fields.text(4, example="SP")]
    department: Department
    branch: Code
    level: int = Field(0, ge=0, le=HIGHEST_LEVEL)


class DetailsBody(Body):
    """Name and telephone, put right."""

    name: StaffName
    phone: Phone = ""


class EndBody(Body):
    """The last day of a post; at once without one."""

    on: fields.Day | None = None


class CertificateBody(Body):
    """A certificate with its days."""

    kind: Annotated[str, fields.one_of(*CERTIFICATES)]
    number: Annotated[str, fields.text(40, example="LP-20817")]
    issuer: Annotated[str, fields.text(80, example="中国保险行业协会")]
    valid_from: fields.Day
    valid_to: fields.Day


class TransferBody(Body):
    """To which branch, and who takes over what is open here."""

    branch: Code
    department: Department
    to: Colleague = ""


class AbsenceBody(Body):
    """The days away, both included, and who does the work meanwhile."""

    from_on: fields.Day
    to_on: fields.Day
    deputy: Colleague = ""


class LeavingBody(Body):
    """Who takes over what is open; without anybody it is unassigned."""

    to: Colleague = ""


class ResetBody(Body):
    """Why an authenticator is taken away, and what proved who asks."""

    reason: Annotated[str, fields.text(200, example="手机遗失")]
    evidence: Annotated[str, fields.one_of(*EVIDENCE)]


class BranchTold(Told):
    """A branch with its departments."""

    code: str = Field(examples=["31"])
    name: str = Field(examples=["上海分公司"])
    under: str = Field(description="上级机构；总公司为空。", examples=["00"])
    departments: list[str]
    is_open: bool


class PostTold(Told):
    """A post that is held or will be."""

    row: int
    post: str = Field(examples=["SP"])
    level: int
    department: str
    branch: str
    since: date
    until: date | None


class CertificateTold(Told):
    """A certificate on file."""

    row: int
    kind: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date


class PersonRow(Told):
    """Somebody of the house in a list."""

    username: str = Field(examples=["wangmin"])
    name: str = Field(examples=["王敏"])
    number: str = Field(examples=["20817"])
    branch: str = Field(examples=["31"])
    is_active: bool
    left_at: datetime | None


class People(Told):
    """One page of people, the newest first."""

    items: list[PersonRow]
    next: str = Field(description="下一页的 cursor；没有下一页时为空。", examples=[""])


class PersonTold(PersonRow):
    """Somebody with posts, certificates and open work."""

    posts: list[PostTold]
    certificates: list[CertificateTold]
    open_claims: int
    open_tasks: int


class LinkTold(Told):
    """An invitation: the link is told only here, works once and dies at its time."""

    username: str
    link: str = Field(description="同一编号重发时为空：链接不留存。")
    expires_at: datetime
    sent: bool = Field(description="已发到登记的手机。")


class Made(Told):
    """It is done; this is its row."""

    row: int
