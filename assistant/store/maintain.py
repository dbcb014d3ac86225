"""Work on a shard in a process of its own, started by `recovery.py`.

    python -m assistant.store.maintain check SHARD
    python -m assistant.store.maintain build SHARD DIMENSION KB

`check` reads everything, and may be ended by what it finds; `build` makes the search graph, which takes minutes in a
large index. Ends with 0 done, 1 damaged, 75 could not tell.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from assistant.errors import StoreBusyError, StoreError
from assistant.store import edge, recovery

_TASKS: dict[str, Callable[..., None]] = {"check": edge.check, "build": edge.build}

if __name__ == "__main__":
    task, files, *numbers = sys.argv[1:]
    try:
        _TASKS[task](Path(files), *map(int, numbers))
    except (StoreBusyError, recovery.SurroundingsError):
        sys.exit(recovery.UNDECIDED)
    except StoreError as error:
        sys.exit(str(error))
