"""Elements of HTML and SVG, escaped wherever a value comes in."""

from __future__ import annotations

from markupsafe import Markup, escape


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """One element; `class_` stands for class, other underscores for dashes; None leaves an attribute out.

    >>> tag("text", "a < b", class_="label", stroke_width=1.5)
    Markup('<text class="label" stroke-width="1.5">a &lt; b</text>')
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(Markup(key.rstrip("_").replace("_", "-")), _value(value))
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(escape(child) for child in children if child is not None)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inner)


def join(parts: object) -> Markup:
    """Several elements in a row."""
    return Markup("").join(parts)  # type: ignore[arg-type]


def pct(value: float) -> str:
    """A position across a chart.

    >>> pct(12.5), pct(100 / 3)
    ('12.5%', '33.33%')
    """
    return f"{_value(float(value))}%"


def _value(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
