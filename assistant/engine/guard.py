"""Runs one command and ends its whole process group when the process that asked for it is gone, however it went.

Usage: python -I -S guard.py GRACE_SECONDS COMMAND…   (standard library only; started by `child.py`, by path)

Standard input is a pipe that the parent never writes to: its end is the parent's end, also after SIGKILL. Standard
output gets one line, the command's process id, which is its group's too; standard error is the command's log.
"""

import os
import select
import signal
import subprocess
import sys
import time
from types import FrameType

_POLL_S = 0.2


class _Asked(Exception):
    """A signal asked for the end."""


def main(arguments: list[str]) -> int:
    """Run the command to its end or the parent's; returns the command's exit code, 128 + N after signal N."""
    grace_s, command = float(arguments[0]), arguments[1:]
    parent = os.getppid()
    # Handlers, not SIG_IGN: the command would inherit that.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _ask)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), process_group=0)
    try:
        os.write(sys.stdout.fileno(), f"{child.pid}\n".encode())
        while not _ended(child.pid) and not _parent_gone(parent):
            pass
    except (_Asked, BrokenPipeError):
        pass
    _end_group(child.pid, grace_s)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _ask(number: int, frame: FrameType | None) -> None:
    # Only the first: the end itself must not be interrupted.
    for other in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise _Asked


def _parent_gone(parent: int) -> bool:
    """Waits a moment. A fork of the parent may still hold the pipe open, so its id counts too."""
    readable, _, _ = select.select([sys.stdin], [], [], _POLL_S)
    return bool(readable and not os.read(sys.stdin.fileno(), 1)) or os.getppid() != parent


def _ended(pid: int) -> bool:
    """Whether the command is over; it stays a zombie, so that its id cannot pass to a stranger meanwhile."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end_group(pid: int, grace_s: float) -> None:
    """SIGTERM to all of the group; SIGKILL to what is left when its leader has ended or the grace is over."""
    if not _ended(pid):
        os.killpg(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_s
    while not _ended(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
