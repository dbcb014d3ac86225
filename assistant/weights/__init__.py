"""Model weights: a name becomes a folder on this machine, downloaded, checked and converted when it must be."""

from assistant.weights.cache import find, fingerprint
from assistant.weights.obtain import Network
from assistant.weights.progress import Progress, Report, silent
from assistant.weights.resolve import resolve

__all__ = ["Network", "Progress", "Report", "find", "fingerprint", "resolve", "silent"]
