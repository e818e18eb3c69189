"""What a server's processes have used, from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class Meter:
    """Reads the process that was started and whatever it started, for as long as they live."""

    pid: int

    def cpu_seconds(self) -> float:
        """Time on a processor since they began, in the program and for it in the kernel."""
        return sum(cpu_of((PROC / str(pid) / "stat").read_text()) for pid in self.family())

    def megabytes(self) -> float:
        """Memory of their own, shared pages divided among those who share them."""
        return sum(share_of((PROC / str(pid) / "smaps_rollup").read_text()) for pid in self.family())

    def family(self) -> list[int]:
        parents = {int(entry.name): parent_of(entry) for entry in PROC.iterdir() if entry.name.isdigit()}
        family = [self.pid]
        for member in family:
            family += [pid for pid, parent in parents.items() if parent == member]
        return family


def parent_of(entry: Path) -> int:
    try:
        return int(fields_of((entry / "stat").read_text())[1])
    except OSError:
        return 0


def cpu_of(stat: str) -> float:
    fields = fields_of(stat)
    return (int(fields[11]) + int(fields[12])) / TICK


def fields_of(stat: str) -> list[str]:
    """The fields after the name, which may itself hold spaces and brackets: the first is the state."""
    return stat.rpartition(")")[2].split()


def share_of(rollup: str) -> float:
    [line] = [line for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(line.split()[1]) / 1024
