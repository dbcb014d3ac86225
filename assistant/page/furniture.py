"""What the Ask tab's script shows when it is needed: the preview of a citation, the reasons for a thumb down."""

from html import escape

from assistant.page.words import Words

# The values are stored with a rating.
REASONS = ("wrong_note", "misread", "incomplete", "distorted", "note_wrong")


def furniture(words: Words) -> str:
    """Hidden until the script brings it out; its words are the script's too."""
    said = words.chats
    labels = (said.why_note, said.why_question, said.why_incomplete, said.why_lead, said.why_wrong)
    reasons = "".join(
        f'<label><input type="radio" name="reason" value="{value}"> {label}</label>'
        for value, label in zip(REASONS, labels, strict=True)
    )
    texts = {"copied": said.copied, "thanks": said.thanks, "rename": said.rename_label, "source": said.source}
    data = " ".join(f'data-{name}="{escape(text)}"' for name, text in texts.items())
    return (
        f'<div id="words" {data}></div>'
        '<div id="preview" role="tooltip" popover="manual"></div>'
        '<p id="said" role="status" popover="manual"></p>'
        f'<form id="why" popover="auto"><fieldset><legend>{said.why}</legend>{reasons}</fieldset>'
        f'<label class="comment">{said.why_comment}'
        '<textarea name="comment" rows="3" maxlength="2000"></textarea></label>'
        f'<p><button type="submit" class="main">{said.send}</button>'
        f'<button type="button" class="text" name="close">{said.close}</button></p></form>'
    )


def drawer(words: Words) -> str:
    """On a phone, the way to what stands beside the conversation elsewhere."""
    return (
        '<button type="button" name="drawer" aria-expanded="false" aria-controls="side">'
        f"☰ {escape(words.chats.drawer)}</button>"
    )
