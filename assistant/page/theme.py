"""How the page looks: Gradio's plainest theme with a system font, warm greys and one accent; the rest is page.css."""

from pathlib import Path

import gradio as gr
from gradio.themes.utils import sizes

# The frame and what all tabs share, then one file a tab.
CSS = [Path(__file__).with_name(name) for name in ("page.css", "ask.css")]
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
    return base.set(
        body_background_fill="#fcfbf9",
        body_background_fill_dark="#171513",
        body_text_color="#26221d",
        body_text_color_dark="#e7e2da",
        background_fill_primary="#fcfbf9",
        background_fill_primary_dark="#171513",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_border_width_dark="0px",
        block_shadow="none",
        block_shadow_dark="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1f1c19",
        input_border_color="#ddd7cd",
        input_border_color_dark="#3a352f",
        input_shadow="none",
        input_shadow_focus="none",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_border_color="#ddd7cd",
        button_secondary_border_color_dark="#3a352f",
    )
