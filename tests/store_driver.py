"""Another process for the store's tests: `python store_driver.py hold|fill|work FOLDER [FIRST]`.

`hold` opens the shared index and waits; `fill` writes to the embedded one batch after batch until it is killed;
`work` writes to and searches the shared one for a while. Each tells on standard output how far it is.
"""

import sys
import time
from itertools import count
from pathlib import Path

from store_points import DIMENSION, point

from assistant.store.edge import EdgeStore
from assistant.store.shared import SharedStore
from assistant.types import Filters

BATCH = 8
WORK_BATCHES = 12


def hold(folder: Path, first: int) -> None:
    store = SharedStore(folder, DIMENSION)
    print("owner" if store.owner else "guest", flush=True)
    sys.stdin.read()
    store.close()


def fill(folder: Path, first: int) -> None:
    store = EdgeStore(folder, DIMENSION)
    for start in count(first, BATCH):
        store.upsert([point(n) for n in range(start, start + BATCH)])
        print(start + BATCH, flush=True)
        if start % 5 == 0:
            store.settle()


def work(folder: Path, first: int) -> None:
    store = SharedStore(folder, DIMENSION)
    for start in range(first, first + BATCH * WORK_BATCHES, BATCH):
        batch = [point(n) for n in range(start, start + BATCH)]
        store.upsert(batch)
        (hit,) = store.dense(batch[0].embedding.dense, 1, Filters())
        assert hit.chunk_id == batch[0].chunk_id, hit
        assert len(store.maxsim(batch[0].embedding.tokens, [p.chunk_id for p in batch])) == BATCH
        time.sleep(0.005)
    store.settle()
    store.close()
    print("done", flush=True)


if __name__ == "__main__":
    {"hold": hold, "fill": fill, "work": work}[sys.argv[1]](Path(sys.argv[2]), int((sys.argv[3:] or ["0"])[0]))
