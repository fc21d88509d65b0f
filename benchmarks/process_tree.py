"""Run a command and measure it with all processes that it starts.

Seconds on the clock, processor seconds, and the most memory that a worker and that the leading
process held. Linux keeps no such figures for a tree of processes, so they are sampled.
"""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

#: Finding the children of a process takes some milliseconds of a core.
_SAMPLE_SECONDS = 0.25
_MEBIBYTE = 2**20
#: What stands in the command line of a worker process, and of the one that they are forked from.
_WORKER_MARK = "forkserver"

LEADER, WORKER, OTHER = ROLES = "leader", "worker", "other"


@dataclass(frozen=True)
class Run:
    """What a command took.

    Attributes:
        seconds: On the clock.
        cpu_seconds: Of processors, by role: the leading process, workers, others (a server).
        peak_bytes: Of resident memory, the most that one process of a role held.
        output: What the command wrote to its standard output.
    """

    seconds: float
    cpu_seconds: Mapping[str, float]
    peak_bytes: Mapping[str, int]
    output: str = ""

    @property
    def total_cpu_seconds(self) -> float:
        """Processor seconds of all processes."""
        return sum(self.cpu_seconds.values())

    def peak_mebibytes(self, role: str) -> float:
        """Return the most memory that a process of a role held; 0: there was none."""
        return self.peak_bytes.get(role, 0) / _MEBIBYTE


class CommandFailed(RuntimeError):
    """A command that was to be measured ended with an error."""


@dataclass
class _Tree:
    """The processes seen so far, and what each took: a process that ended counts as last seen."""

    leader: psutil.Process
    roles: dict[psutil.Process, str] = field(default_factory=dict)
    cpu: dict[psutil.Process, float] = field(default_factory=dict)
    memory: dict[psutil.Process, int] = field(default_factory=dict)

    def sample(self) -> None:
        try:
            found = [self.leader, *self.leader.children(recursive=True)]
        except psutil.Error:
            found = []
        for process in {*found, *self.roles}:
            try:
                self._read(process)
            except psutil.Error:
                continue

    def _read(self, process: psutil.Process) -> None:
        with process.oneshot():
            if process not in self.roles:
                self.roles[process] = self._role(process)
            times, memory = process.cpu_times(), process.memory_info()
        self.cpu[process] = times.user + times.system
        self.memory[process] = max(self.memory.get(process, 0), memory.rss)

    def _role(self, process: psutil.Process) -> str:
        if process == self.leader:
            return LEADER
        return WORKER if any(_WORKER_MARK in part for part in process.cmdline()) else OTHER

    def run(self, seconds: float, output: str) -> Run:
        cpu, peak = dict[str, float](), dict[str, int]()
        for process, spent in self.cpu.items():
            role = self.roles[process]
            cpu[role] = cpu.get(role, 0.0) + spent
            peak[role] = max(peak.get(role, 0), self.memory[process])
        return Run(seconds, cpu, peak, output)


def measure(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end and measure it.

    Args:
        command: The program and its arguments.
        log: Gets what the command writes to its standard error, and its output after it.
        environment: Its whole environment; None: ours.

    Raises:
        CommandFailed: It ended with another code than 0.
    """
    output = log.with_suffix(".out")
    with log.open("wb") as errors, output.open("wb") as written:
        started = time.monotonic()
        with subprocess.Popen(command, stdout=written, stderr=errors, env=environment) as child:
            tree = _Tree(psutil.Process(child.pid))
            while not _has_ended(child):
                tree.sample()
        seconds = time.monotonic() - started
    text = output.read_text("utf-8", errors="replace")
    if child.returncode:
        tail = log.read_text("utf-8", errors="replace")[-2000:]
        raise CommandFailed(f"{' '.join(command)} ended with {child.returncode}:\n{text}{tail}")
    return tree.run(seconds, text)


def _has_ended(child: "subprocess.Popen[bytes]") -> bool:
    """Wait for the next sample; whether the command ended meanwhile."""
    try:
        child.wait(timeout=_SAMPLE_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True
