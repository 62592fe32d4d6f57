"""The published description of the API, completed with what every operation may refuse."""

from typing import Any

from lipei.site import problems

ABOUT = """理赔部门的全部业务接口：与页面相同的办理动作、相同的规则、相同的记录。

- 身份：`Authorization: Bearer <令牌>`；每个接口写明所需的权限（x-scope）。
- 只办一次：每个 POST 都须带 `Idempotency-Key`；同一编号重发，得到同一个回答。
- 拒绝与错误：一律为 `application/problem+json`，含原因、下一步、依据条款和编号。
- 翻页：`limit` 不超过 100；把回答中的 `next` 作为下一次的 `cursor`。
- 金额：整数分；时间：带时区的 ISO 8601。
- 语言：`Accept-Language: zh` 或 `en`。
"""
EXTRA: dict[str, Any] = {
    "info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
}
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "slug", "next", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "为什么没有办成。"},
        "slug": {"type": "string", "description": "原因的固定名称。"},
        "clause": {"type": "string", "description": "依据的条款。"},
        "next": {"type": "string", "description": "现在可以怎么做。"},
        "instance": {"type": "string", "format": "uri-reference"},
        "reference": {"type": "string", "description": "查询用的编号。"},
        "field": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "slug", "detail", "next"],
                "properties": {
                    name: {"type": "string"} for name in ("field", "slug", "detail", "next")
                },
            },
        },
    },
    "examples": [
        {
            "type": "/api/v1/problems/report_duplicate",
            "title": "现在不能办理",
            "status": 409,
            "detail": "这次事故已经报过案，案件号 CX-2026-0501-000051。",
            "slug": "report_duplicate",
            "clause": "2.1-e",
            "next": "请打开该案件继续。",
            "instance": "urn:lipei:7F3K-92QD",
            "reference": "7F3K-92QD",
        }
    ],
}
OF_ALL = {
    "400": "请求无法读取",
    "401": "没有有效的令牌",
    "403": "没有权限",
    "404": "没有找到",
    "405": "不支持这种操作",
    "422": "填写有误",
    "429": "过于频繁",
    "503": "暂时不可用",
}
OF_WRITING = {"409": "现在不能办理", "413": "内容过大", "415": "格式不支持"}


def completed(description: dict[str, Any]) -> dict[str, Any]:
    """The description with the problems that every operation may answer with."""
    description["components"]["schemas"]["Problem"] = PROBLEM
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in description["paths"].values():
        for method, operation in methods.items():
            for parameter in operation["parameters"]:
                _one_example(parameter)
            told = OF_ALL if method == "get" else {**OF_ALL, **OF_WRITING}
            responses = operation["responses"]
            for status, words in told.items():
                responses.setdefault(status, {"description": words, "content": content})
            operation["responses"] = {str(k): v for k, v in responses.items()}
    return description


def _one_example(parameter: dict[str, Any]) -> None:
    """A parameter's examples are a map in OpenAPI; the list belongs to its schema alone."""
    shown = parameter.pop("examples", [])
    if shown:
        parameter["example"] = shown[0]
