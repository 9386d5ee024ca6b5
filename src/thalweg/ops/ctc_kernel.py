"""The sum over all alignments of connectionist temporal classification (Graves et al. 2006), forwards and backwards.

A path goes through `2 * labels + 1` states: blanks, with the labels between them. All sums are of logarithms. Both ways
take one step a time for all states of all rows at once.
"""
from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def log_softmax(xp: Any, x: Array) -> Array:
    """The logarithms of the classes' probabilities."""
    moved = x - x.max(-1, keepdims=True)
    return moved - xp.log(xp.exp(moved).sum(-1, keepdims=True))


def states_of(xp: Any, labels: Array, blank: int) -> Array:
    """The classes of the states: `[batch, 2 * n + 1]` for labels `[batch, n]`."""
    rows, n = labels.shape
    gaps = xp.full((rows, n), blank, labels.dtype)
    pairs = xp.stack([gaps, labels], axis=2).reshape(rows, 2 * n)
    return xp.concatenate([pairs, xp.full((rows, 1), blank, labels.dtype)], axis=1)


def _moved(xp: Any, x: Array, by: int) -> Array:
    """States moved to the right, or to the left for `by` below 0, with nothing behind."""
    nothing = xp.full((x.shape[0], min(abs(by), x.shape[1])), -np.inf, x.dtype)
    return xp.concatenate([nothing, x[:, :-by]], axis=1)[:, :x.shape[1]] if by > 0 else \
        xp.concatenate([x[:, -by:], nothing], axis=1)[:, :x.shape[1]]


def _scan(xp: Any, step: Any, start: Array, xs: tuple[Array, ...]) -> tuple[Array, Array]:
    """Calls `state, row = step(state, x)` along the first axis; the last state, and the rows."""
    if xp is not np:
        import jax
        return jax.lax.scan(step, start, xs)  # type: ignore[no-any-return]
    state, rows = start, []
    for x in zip(*xs, strict=True):
        state, row = step(state, x)
        rows.append(row)
    return state, np.stack(rows)


def loss_and_gradient(xp: Any, logits: Array, labels: Array, label_length: Array, logit_length: Array, blank: int,
                      stay: bool = True) -> tuple[Array, Array]:
    """The negative logarithm of the labels' probability for each row, and its gradient for the logits.

    Args:
      logits: `[time, batch, classes]`.
      labels: `[batch, n]`, of which the first `label_length` count.
      label_length, logit_length: `[batch]`.
      blank: the class of the blank.
      stay: whether a label that repeats is one; False is TensorFlow's variant where each time it counts anew.

    Returns:
      The losses `[batch]`, infinite where there are too few steps; and the gradient, zero behind the end of a row.
    """
    steps, rows, classes = logits.shape
    kind = logits.dtype
    log_p = log_softmax(xp, logits)
    states = states_of(xp, labels, blank)
    count = states.shape[1]
    place = xp.arange(count)
    is_label = place % 2 == 1
    jump = is_label & (place >= 2) & (states != xp.concatenate([states[:, :2], states[:, :-2]], axis=1)[:, :count]) \
        if stay else xp.broadcast_to(is_label & (place >= 2), states.shape)
    loops = xp.ones(count, bool) if stay else ~is_label
    low = xp.asarray(-np.inf, kind)
    # Labels beyond the classes cost nothing.
    seen = xp.take_along_axis(log_p, xp.broadcast_to(xp.minimum(states, classes - 1), (steps, *states.shape)), axis=2)
    seen = xp.where(states < classes, seen, xp.zeros((), kind))
    inside = xp.arange(steps)[:, None] < logit_length[None, :]
    last = 2 * label_length[:, None]
    ends = (place == last) | (place == last - 1)

    def forward(alpha: Array, x: tuple[Array, ...]) -> tuple[Array, Array]:
        p, on = x
        ways = xp.logaddexp(xp.where(loops, alpha, low), _moved(xp, alpha, 1))
        new = xp.logaddexp(ways, xp.where(jump, _moved(xp, alpha, 2), low)) + p
        new = xp.where(on[:, None], new, alpha)
        return new, new
    # Before the first step the path waits before the first blank: as if in it, without a step to leave it.
    start = xp.where(place <= 1, seen[0], low) if steps else xp.where(place == 0, xp.zeros((), kind), low)
    start = xp.broadcast_to(start, states.shape).astype(kind)
    if not steps:
        total = xp.where(ends, start, low).max(1)
        return -total, xp.zeros(logits.shape, kind)
    final, alphas = _scan(xp, forward, start, (seen[1:], inside[1:])) if steps > 1 else (start, None)
    alphas = start[None] if alphas is None else xp.concatenate([start[None], alphas])
    total = _log_sum(xp, xp.where(ends, final, low))

    def backward(beta: Array, x: tuple[Array, ...]) -> tuple[Array, Array]:
        p, on = x
        ahead = beta + p
        ways = xp.logaddexp(xp.where(loops, ahead, low), _moved(xp, ahead, -1))
        new = xp.logaddexp(ways, _moved(xp, xp.where(jump, ahead, low), -2))
        new = xp.where(on[:, None], new, beta)
        return new, new
    end = xp.where(ends, xp.zeros((), kind), low)
    betas = end[None]
    if steps > 1:
        _, earlier = _scan(xp, backward, end, (seen[1:][::-1], inside[1:][::-1]))
        betas = xp.concatenate([earlier[::-1], betas])
    share = xp.exp(xp.where(xp.isfinite(total)[None, :, None], alphas + betas - xp.where(xp.isfinite(total), total, 0)[
        None, :, None], low))
    one_hot = (states[:, :, None] == xp.arange(classes)).astype(kind)
    wanted = xp.matmul(xp.swapaxes(share, 0, 1), one_hot)
    gradient = xp.where(inside[:, :, None], xp.exp(log_p) - xp.swapaxes(wanted, 0, 1), xp.zeros((), kind))
    return -total, gradient


def _log_sum(xp: Any, x: Array) -> Array:
    top = x.max(1, keepdims=True)
    safe = xp.where(xp.isfinite(top), top, xp.zeros((), x.dtype))
    return xp.log(xp.exp(x - safe).sum(1)) + safe[:, 0]
