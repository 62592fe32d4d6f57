"""The few sentences that scripts say, in the page's language."""

import json

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

CLOCKS: Words = {
    "left": _("剩 {span}"),
    "over": _("超 {span}"),
    "daysHours": _("{days} 日 {hours} 时"),
    "days": _("{days} 日"),
    "hoursMinutes": _("{hours} 时 {minutes} 分"),
    "hours": _("{hours} 时"),
    "minutes": _("{minutes} 分"),
    "moment": _("不到 1 分"),
}
STAFF: Words = {
    **CLOCKS,
    "copied": _("已复制"),
    "copyFailed": _("没能复制，请手动选取"),
    "failed": _("没有做成，请再试一次；若仍不行，请把页面上的编号告诉管理员"),
    "offline": _("网络断了，刚才的操作没有提交"),
    "timeout": _("服务器没有及时回答，刚才的操作可能没有提交，请先刷新再看"),
    "undo": _("撤销"),
    "close": _("关闭"),
    "chosen": _("已选 {n} 件"),
    "leaving": _("有尚未保存的改动"),
    "noResults": _("没有找到"),
}
CLAIMANT: Words = {
    **CLOCKS,
    "savedHere": _("已存在这部手机里 · {time}"),
    "savedOffline": _("没有信号，已存在手机里"),
    "savedOfflineMore": _("{n} 份照片或文件 · {time} 保存，联网后自动上传"),
    "sending": _("正在上传 {percent}%，可离开本页"),
    "sendingStep": _("正在提交…"),
    "waiting": _("等网络，稍后自动上传"),
    "sent": _("已上传"),
    "sentAll": _("全部已上传"),
    "failedOnce": _("没传上去，{seconds} 秒后再试"),
    "refused": _("这份文件没有被收下：{why}"),
    "refusedStep": _("还没有送到：{why}"),
    "tooLarge": _("文件太大，上限 {limit} MB"),
    "empty": _("这个文件是空的"),
    "videoLong": _("视频请不超过 {seconds} 秒"),
    "sharp": _("清晰"),
    "blurred": _("有点糊"),
    "bright": _("光线"),
    "dark": _("太暗"),
    "small": _("太小"),
    "retake": _("重拍"),
    "keep": _("仍用这张"),
    "use": _("用这张"),
    "remove": _("删除"),
    "retry": _("再试"),
    "blurHint": _("照片有点糊，看不清细节，建议重拍一张"),
    "darkHint": _("照片太暗，请换个角度或打开闪光灯"),
    "smallHint": _("照片尺寸太小，请用原图或重拍"),
    "storageLow": _("手机存储快满了，请先联网上传，或清理一些空间"),
    "expired": _("超过 7 天的草稿已从这部手机删除"),
    "draftsFound": _("这部手机里有没提交完的报案"),
    "queued": _("已存好，联网后自动提交，不用守着"),
    "queuedTitle": _("报案已存好"),
    "online": _("网络恢复，正在上传"),
    "signHere": _("在此签名"),
    "signed": _("已签名"),
    "signEmpty": _("请先签名，或改用输入姓名"),
    "resendIn": _("{seconds} 秒后可重发"),
    "resend": _("重新发送"),
    "pieces": _("{n} 份"),
}
VISIT: Words = {
    **CLAIMANT,
    "offline": _("没有信号，没有提交；写的内容都还在，有信号再点一次"),
    "locating": _("正在定位…"),
    "located": _("已取得位置"),
    "noPlace": _("手机没有给出位置。请写明原因，再点一次“我到了”"),
    "photosHere": _("{n} 份照片已存在手机里，有信号会自动上传"),
    "photo": _("查勘照片"),
}
SHELLS = {"staff": STAFF, "claimant": CLAIMANT, "visit": VISIT}


def as_json(shell: str) -> SafeString:
    """The words of one shell ("staff", "claimant", "visit") as an inert JSON block of the page."""
    said = {key: str(value) for key, value in SHELLS[shell].items()}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return format_html(
        '<script type="application/json" id="u-words">{}</script>',
        mark_safe(safe),  # noqa: S308  our own sentences, with <, > and & written as \u
    )
