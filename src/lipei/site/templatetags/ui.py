"""The words in which templates ask for the parts of the face. Loaded everywhere by settings.

{% icon "camera" %}                        a mark from the sprite; the build finds it here
{% money fen %}  {{ fen|yuan }}            ¥9,500.00 and 9,500.00, exactly
{% sla clock_face %}                       a live clock badge (see lipei.site.faces)
{% tag _("可先赔") level="ok" %}           a coloured word
{% ball words mine=True %}                 who holds the ball
{% manual_ref "1.3.3" %}                   a chip that opens the section of the manual
{% masked value kind="phone" %}            a private value with its middle hidden
{% part "c/card.html" title=… %}…{% endpart %}   a part with a body, and with fills:
{% fill actions %}…{% endfill %}           content for the slot of that name
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django import template
from django.forms import BoundField
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.exceptions import TemplateSyntaxError
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lipei.site import faces, words

register = template.Library()
DESK_ICONS = Path(__file__).resolve().parents[1] / "static" / "dist" / "desk.json"
CARRIED = ("request", "csrf_token", "shell", "LANGUAGE_CODE")


@register.simple_tag
def icon(name: str, cls: str = "", label: str = "") -> SafeString:
    """One icon of a sprite; decoration unless a label names it."""
    return _icon(name, cls, str(label))


@lru_cache(maxsize=2000, typed=True)
def _icon(name: str, cls: str, label: str) -> SafeString:
    sprite = static("dist/desk.svg" if name in _desk_icons() else "dist/icons.svg")
    use = format_html('<use href="{}#{}"/>', sprite, name)
    hidden = mark_safe('aria-hidden="true"')
    said = format_html('role="img" aria-label="{}"', label) if label else hidden
    return format_html('<svg class="u-icon {}" {}>{}</svg>', cls, said, use)


@lru_cache(maxsize=1)
def _desk_icons() -> frozenset[str]:
    """The icons that only the desk uses: they have a sprite of their own."""
    return frozenset(json.loads(DESK_ICONS.read_text())) if DESK_ICONS.exists() else frozenset()


@register.filter
def yuan(fen: int) -> str:
    """Whole fen as yuan without a mark: 950000 is 9,500.00. Empty for none."""
    return "" if fen is None else faces.yuan_words(fen)


@register.simple_tag
def money(fen: int | None, cls: str = "") -> SafeString:
    """Whole fen with the mark of the currency, in figures of one width; a dash for none."""
    if fen is None:
        return mark_safe('<span class="u-mute">—</span>')
    return format_html('<span class="u-n {}">{}</span>', cls, faces.yuan_words(fen, sign=True))


@register.simple_tag
def sla(
    face: faces.ClockFace | None = None,
    *,
    due_at: datetime | None = None,
    started_at: datetime | None = None,
    rule: str = "",
) -> SafeString:
    """A live clock badge, from a face that was made before or from its instants."""
    made = face or faces.clock_face(due_at, started_at=started_at, rule=rule)
    marks = f' title="{escape(made.rule)}"' if made.rule else ""
    marks += f' data-due="{made.due_ms:d}"' if made.due_ms else ""
    marks += f' data-from="{made.from_ms:d}"' if made.from_ms else ""
    # a list has fifty of these: format_html looks at each part again
    return mark_safe(  # noqa: S308  every text is escaped
        f'<span class="u-sla" data-level="{escape(made.level)}"{marks}>{_RING} stroke-dasharray='
        f'"{made.used:d} 100" data-ring/></svg><span data-words>{escape(made.words)}</span></span>'
    )


_RING = (
    '<svg class="u-sla__ring" viewBox="0 0 20 20" aria-hidden="true">'
    '<circle cx="10" cy="10" r="7"/><circle cx="10" cy="10" r="7" pathLength="100"'
)


@register.simple_tag
def tag(text: str, level: str = "", icon: str = "", pill: bool = False) -> SafeString:
    """A coloured word. Levels: ok, warn, bad, law, brand; none is grey."""
    return _tag(str(text), level, icon, pill)


@lru_cache(maxsize=2000, typed=True)
def _tag(text: str, level: str, mark: str, pill: bool) -> SafeString:
    kind = " u-tag--pill" if pill else ""
    tone = format_html(' data-level="{}"', level) if level else ""
    drawn = _icon(mark, "u-icon--s", "") if mark else ""
    return format_html('<span class="u-tag{}"{}>{}{}</span>', kind, tone, drawn, text)


@register.simple_tag
def ball(holder: str, mine: bool = False) -> SafeString:
    """Who holds the ball, in words; `mine`: the reader does."""
    return _ball(_("在%(holder)s") % {"holder": holder}, mine)


@lru_cache(maxsize=500, typed=True)
def _ball(words: str, mine: bool) -> SafeString:
    shape = '<span class="u-ball" data-mine>{}</span>' if mine else '<span class="u-ball">{}</span>'
    return format_html(shape, words)


@register.inclusion_tag("c/manual_ref.html")
def manual_ref(section: str, origin: str = "manual", url: str = "") -> Mapping[str, object]:
    """A chip with the number of a section; opens the text beside the page when it has an
    address. Origins: manual, law."""
    return {"section": section, "origin": origin, "url": url}


@register.inclusion_tag("c/masked.html")
def masked(
    value: str, kind: str = "phone", reveal_url: str = "", label: str = ""
) -> Mapping[str, object]:
    """A private value with its middle hidden. Revealing asks the server, for a reason."""
    hidden = faces.masked(value, kind=kind)
    return {"hidden": hidden, "reveal_url": reveal_url, "label": label}


@register.simple_tag
def percent(share_bp: int) -> str:
    """Basis points as a percentage with one decimal: 9651 is 96.5%."""
    return f"{share_bp // 100}.{share_bp % 100 // 10}%"


@register.simple_tag
def page_words(shell: str) -> SafeString:
    """The few sentences that a script says, as inert JSON in the page's language."""
    return words.as_json(shell)


@register.filter
def autocomplete(field: BoundField, value: str) -> SafeString:
    """A bound field with this autocomplete value: `{{ form.phone|autocomplete:"tel" }}`."""
    return field.as_widget(attrs={"autocomplete": value})


class FillNode(Node):
    """Content for a named slot of the part around it."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Hand the content to the part and leave nothing where it stood."""
        context["_fills"][self.name] = self.nodelist.render(context)
        return mark_safe("")


class PartNode(Node):
    """A part of the face with a body and named fills; it sees only what it is given."""

    def __init__(
        self, name: FilterExpression, given: dict[str, FilterExpression], nodelist: NodeList
    ) -> None:
        self.name = name
        self.given = given
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Render the body first, then the part around it."""
        fills: dict[str, SafeString] = {}
        with context.push(_fills=fills):
            body = self.nodelist.render(context)
        inner = {key: context[key] for key in CARRIED if key in context}
        inner.update({key: value.resolve(context) for key, value in self.given.items()})
        inner.update(body=body, fills=fills)
        engine = context.template.engine  # type: ignore[union-attr]  # set while rendering
        part = engine.get_template(self.name.resolve(context))
        return part.render(context.new(inner))


@register.tag("fill")
def parse_fill(parser: Parser, token: Token) -> FillNode:
    """`{% fill name %}…{% endfill %}` inside a part."""
    bits = token.split_contents()
    if len(bits) != 2:  # noqa: PLR2004  the tag and its name
        raise TemplateSyntaxError("fill takes the name of one slot")
    nodelist = parser.parse(("endfill",))
    parser.delete_first_token()
    return FillNode(bits[1], nodelist)


@register.tag("part")
def parse_part(parser: Parser, token: Token) -> PartNode:
    """`{% part "c/card.html" title=… %}…{% endpart %}`."""
    bits = token.split_contents()[1:]
    if not bits:
        raise TemplateSyntaxError("part takes the name of a template")
    name = parser.compile_filter(bits.pop(0))
    given = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"part takes name=value only, not {bits[0]}")
    nodelist = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode(name, given, nodelist)
