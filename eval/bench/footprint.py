"""Memory of processes: PSS, which shares what several processes map among them, so that sums are true."""

from collections.abc import Iterable

import psutil


def tree(pid: int) -> list[psutil.Process]:
    """A process and all below it, those that are gone left out."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def pss_mb(processes: Iterable[psutil.Process]) -> int:
    """Megabytes of all of them together; resident size where the system has no PSS."""
    total = 0
    for process in processes:
        try:
            used = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += getattr(used, "pss", used.rss)
    return round(total / 2**20)
