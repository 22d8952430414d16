"""The bar a person sees while pictures are made."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tierbook.generation import Progress as Moment
from tierbook.model import usd_rounded


class ProgressBar:
    """Shows pictures done, money settled and reserved, time left, and what each engine does."""

    def __init__(self) -> None:
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task("", total=None)
        self._progress.start()

    def show(self, moment: Moment) -> None:
        """Draw one moment of the run."""
        parts = [
            f"{usd_rounded(moment.settled)} spent",
            f"{usd_rounded(moment.reserved)} reserved",
        ]
        if moment.seconds_left is not None:
            parts.append(f"{_spelled(moment.seconds_left)} left")
        for name, engine in moment.engines.items():
            if engine.in_flight or engine.waiting or engine.note:
                note = f" ({engine.note})" if engine.note else ""
                parts.append(f"{name} {engine.in_flight} under way, {engine.waiting} waiting{note}")
        if moment.draining:
            parts.append("stopping: finishing what is under way")
        self._progress.update(
            self._task, completed=moment.done, total=moment.total, description="; ".join(parts)
        )

    def close(self) -> None:
        """Leave the last moment on the screen."""
        self._progress.stop()


def _spelled(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
