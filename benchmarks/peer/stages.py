"""What every peer's process is asked for, and how long its stages take."""

import argparse
import time
from pathlib import Path

from peer.days import day


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A parser that knows the folder and the two dates."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--as-of", type=day, required=True)
    parser.add_argument("--train-as-of", type=day, required=True)
    return parser


class Stages:
    """Seconds of one stage after another since the process began; the first is its start."""

    def __init__(self, started: float) -> None:
        self.seconds: dict[str, float] = {}
        self.started = self.mark = started
        self.finish("start")

    def finish(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = now - self.mark
        self.mark = now

    def rounded(self) -> dict[str, float]:
        """By stage, and in total up to the last stage that was finished."""
        seconds = {**self.seconds, "total": self.mark - self.started}
        return {stage: round(value, 3) for stage, value in seconds.items()}
