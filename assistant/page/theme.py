"""How the page looks: Gradio's plainest theme with a system font, warm greys and one accent; the rest is page.css."""

from pathlib import Path

import gradio as gr
from gradio.themes.utils import sizes

# The frame and what all tabs share, then the tabs, then paper.
_SHEETS = ("page", "ask", "ask_side", "notes", "settings", "print")
CSS = [Path(__file__).with_name(f"{name}.css") for name in _SHEETS]
# One ochre, from wash to ink; nothing else on the page has a hue.
ACCENT = gr.themes.Color(
    name="ochre",
    c50="#fdf8ec",
    c100="#faeecb",
    c200="#f4dd97",
    c300="#eac662",
    c400="#d9a83a",
    c500="#bd8620",
    c600="#9a6714",
    c700="#7c5012",
    c800="#5f3d12",
    c900="#432b10",
    c950="#2b1b0a",
)
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SF Mono", "Cascadia Mono", "Noto Sans Mono", "Liberation Mono", "monospace")


# Colours stand in page.css, so the same words serve both themes.
_LOOK = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--quiet)",
    "background_fill_primary": "var(--paper)",
    "block_background_fill": "transparent",
    "block_border_width": "0px",
    "block_shadow": "none",
    "block_label_background_fill": "transparent",
    "input_background_fill": "var(--field)",
    "input_border_color": "var(--edge)",
    "input_border_color_focus": "var(--accent)",
    "input_placeholder_color": "var(--quiet)",
    "button_secondary_background_fill": "transparent",
    "button_secondary_border_color": "var(--edge)",
}


def theme() -> gr.themes.Base:
    """No font is fetched from anywhere: the names are those that systems bring along."""
    base = gr.themes.Base(
        primary_hue=ACCENT,
        secondary_hue="stone",
        neutral_hue="stone",
        font=list(_SANS),
        font_mono=list(_MONO),
        radius_size=sizes.radius_sm,
        text_size=sizes.text_md,
        spacing_size=sizes.spacing_md,
    )
    dark = {f"{name}_dark": value for name, value in _LOOK.items()}
    return base.set(**_LOOK, **dark, color_accent="var(--accent)", input_shadow="none", input_shadow_focus="none")
