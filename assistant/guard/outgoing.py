"""What a model wrote, as plain text: no HTML, images, links, or markers of its own."""

import re

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"(?:https?|ftp|data|javascript):\S+|www\.\S+", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^>]{0,300}>")
_MARKER = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")


def plain(written: str) -> str:
    """Text only. Markers are put in by `attribute`, never trusted from the model; a link keeps its words."""
    text = _IMAGE.sub("", written)
    text = _LINK.sub(r"\1", text)
    text = _URL.sub("", _TAG.sub("", text))
    return _MARKER.sub("", text).strip()
