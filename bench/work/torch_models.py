"""The same training in torch: a loop over shuffled batches that sums loss and accuracy, as `fit` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .data import TASKS, Task
from .rows import Result, row
from .timing import least_epoch, resident, since_start


def _mlp(nn: Any) -> Any:
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))


def _cnn(nn: Any) -> Any:
    return nn.Sequential(
        nn.Unflatten(1, (1, 28)),  # [batch, 28, 28] -> [batch, 1, 28, 28]
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(1152, 10),
    )


def _lstm(nn: Any) -> Any:
    class Last(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.scores = nn.LSTM(32, 64, batch_first=True), nn.Linear(64, 10)

        def forward(self, x: Any) -> Any:
            return self.scores(self.lstm(x)[0][:, -1])

    return Last()


def _small(nn: Any) -> Any:
    return nn.Sequential(nn.Linear(2, 10), nn.ReLU(), nn.Linear(10, 10), nn.ReLU(), nn.Linear(10, 1))


def _epoch(torch: Any, model: Any, task: Task) -> Callable[[], None]:
    """A function that trains for one epoch."""
    inputs, labels = task.draw()
    x, y = torch.from_numpy(inputs), torch.from_numpy(labels)
    if inputs.shape[1:] == (28, 28, 1):
        x = x.squeeze(-1)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001, alpha=0.9, eps=1e-7)
    binary = task.classes == 1
    entropy = torch.nn.BCEWithLogitsLoss() if binary else torch.nn.CrossEntropyLoss()

    def epoch() -> None:
        order, total, right = torch.randperm(len(x)), torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for start in range(0, len(x), task.batch):
            chosen = order[start : start + task.batch]
            batch, meant = x[chosen], y[chosen]
            optimizer.zero_grad()
            scores = model(batch)
            loss = entropy(scores, meant)
            loss.backward()
            optimizer.step()
            total += loss.detach()
            scores = scores.detach()
            right += ((scores > 0) == (meant > 0.5)).sum() if binary else (scores.argmax(1) == meant).sum()

    return epoch


def _train(torch: Any, model: Callable[[Any], Any], kind: str) -> float:
    task = TASKS[kind]
    return least_epoch(_epoch(torch, model(torch.nn), task), task.epochs, task.steps)


@row("mlp", "torch")
def _(torch: Any) -> Result:
    return {"time": _train(torch, _mlp, "mlp"), "resident": resident()}


@row("cnn", "torch")
def _(torch: Any) -> Result:
    return {"time": _train(torch, _cnn, "cnn"), "resident": resident()}


@row("lstm", "torch")
def _(torch: Any) -> Result:
    return {"time": _train(torch, _lstm, "lstm")}


@row("small", "torch")
def _(torch: Any) -> Result:
    return {"time": _train(torch, _small, "small")}


@row("epoch", "torch")
def _(torch: Any) -> Result:
    _epoch(torch, _mlp(torch.nn), TASKS["epoch"])()
    return {"seconds": since_start()}
