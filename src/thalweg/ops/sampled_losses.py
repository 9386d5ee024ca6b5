"""Losses over very many classes that look at a few sampled ones: `nce_loss` and `sampled_softmax_loss`."""
from __future__ import annotations

from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.scopes import name_scope
from .arrays import concat, expand_dims, reshape
from .candidates import compute_accidental_hits, log_uniform_candidate_sampler
from .casting import cast
from .creation import ones_like, shape, stop_gradient, zeros, zeros_like
from .elementwise import log
from .gathering import gather
from .losses import sigmoid_cross_entropy_with_logits, softmax_cross_entropy_with_logits
from .matmul import matmul
from .reductions import reduce_sum
from .scattering import tensor_scatter_nd_update


def partitioned_rows(params: Any, ids: Any, strategy: str) -> Any:
    """Rows of a matrix that a list of matrices holds.

    Args:
      params: a matrix or vector, or a list of them.
      ids: int64 indices.
      strategy: "div" if each holds a stretch of rows, "mod" if row i is in number `i % len(params)`.

    Raises:
      ValueError: another strategy.
    """
    if strategy not in ("div", "mod"):
        raise ValueError(f"Unrecognized partition strategy: {strategy}. Must be one of either `mod` or `div`.")
    tables = list(params) if isinstance(params, (list, tuple)) else [params]
    if len(tables) == 1:
        return gather(tables[0], ids)
    tables = [convert_to_tensor(t) for t in tables]
    if strategy == "mod":
        count = len(tables)
        starts = [0]
        for t in tables[:-1]:
            starts.append(starts[-1] + int(t.shape[0]))
        ids = gather(convert_to_tensor(starts, dtypes.int64), ids % count) + ids // count
    return gather(concat(tables, 0), ids)


def embedding_lookup_v1(params: Any, ids: Any, partition_strategy: str = "mod", name: str | None = None,
                        validate_indices: bool = True, max_norm: Any = None) -> Any:
    """`embedding_lookup` with a choice of how a list of matrices holds the rows, see `partitioned_rows`."""
    from .masking import embedding_lookup
    if not isinstance(params, (list, tuple)) or len(params) < 2:
        return embedding_lookup(params, ids, max_norm, name)
    rows = partitioned_rows(params, cast(convert_to_tensor(ids), dtypes.int64), partition_strategy)
    if max_norm is None:
        return rows
    from .clip import clip_by_norm
    return clip_by_norm(rows, max_norm, list(range(convert_to_tensor(ids).shape.rank, rows.shape.rank)))


def _sampled_logits(weights: Any, biases: Any, labels: Any, inputs: Any, num_sampled: int, num_classes: int, num_true: int,
                    sampled_values: Any, remove_hits: bool, strategy: str, seed: int | None) -> tuple[Any, Any]:
    """Logits `[batch, num_true + num_sampled]` of true classes and candidates, and the labels that go with them."""
    inputs = convert_to_tensor(inputs)
    labels = cast(convert_to_tensor(labels), dtypes.int64)
    flat = reshape(labels, [-1])
    if sampled_values is None:
        sampled_values = log_uniform_candidate_sampler(labels, num_true, num_sampled, True, num_classes, seed)
    sampled, true_expected, sampled_expected = [stop_gradient(s) for s in sampled_values]
    sampled = cast(sampled, dtypes.int64)
    # One lookup for both, so that the gradient of the weights is one set of rows.
    both = concat([flat, sampled], 0)
    rows, offsets = [cast(partitioned_rows(p, both, strategy), inputs.dtype) for p in (weights, biases)]
    count = flat.shape[0] if flat.shape[0] is not None else shape(flat)[0]
    true_rows, sampled_rows = rows[:count], rows[count:]
    dim = rows.shape[-1] if rows.shape[-1] is not None else shape(rows)[1]
    true_rows = reshape(true_rows, [-1, num_true, dim])
    true_logits = reduce_sum(expand_dims(inputs, 1) * true_rows, 2) + reshape(offsets[:count], [-1, num_true])
    sampled_logits = matmul(inputs, sampled_rows, transpose_b=True) + offsets[count:]
    if remove_hits:
        where, which, low = compute_accidental_hits(labels, sampled, num_true)
        places = concat([reshape(cast(where, dtypes.int64), [-1, 1]), reshape(which, [-1, 1])], 1)
        # Set, not added: a class that is twice among a row's labels is one hit.
        hits = zeros([shape(labels)[0], shape(sampled)[0]], sampled_logits.dtype)
        low = tensor_scatter_nd_update(hits, places, cast(low, sampled_logits.dtype))
        sampled_logits = sampled_logits + stop_gradient(low)
    true_logits = true_logits - log(true_expected)
    sampled_logits = sampled_logits - log(sampled_expected)
    wanted = concat([ones_like(true_logits) / num_true, zeros_like(sampled_logits)], 1)
    return concat([true_logits, sampled_logits], 1), wanted


def nce_loss_v1(weights: Any, biases: Any, labels: Any, inputs: Any, num_sampled: int, num_classes: int, num_true: int = 1,
                sampled_values: Any = None, remove_accidental_hits: bool = False, partition_strategy: str = "mod",
                name: str | None = "nce_loss") -> Any:
    """`nce_loss` with a choice of how a list of weights holds the classes, see `partitioned_rows`."""
    with name_scope(name or "compute_sampled_logits"):
        logits, wanted = _sampled_logits(weights, biases, labels, inputs, num_sampled, num_classes, num_true,
                                         sampled_values, remove_accidental_hits, partition_strategy, None)
    return reduce_sum(sigmoid_cross_entropy_with_logits(labels=wanted, logits=logits, name="sampled_losses"), 1)


def nce_loss(weights: Any, biases: Any, labels: Any, inputs: Any, num_sampled: int, num_classes: int, num_true: int = 1,
             sampled_values: Any = None, remove_accidental_hits: bool = False, name: str | None = "nce_loss") -> Any:
    """Noise-contrastive estimation: tells true classes from sampled ones (Gutmann and Hyvärinen 2010).

    Args:
      weights: `[num_classes, dim]`, or a list of matrices that hold these rows in turn.
      biases: `[num_classes]`.
      labels: the true classes, int64 `[batch, num_true]`.
      inputs: `[batch, dim]`.
      num_sampled: how many candidates are drawn for the whole batch.
      num_classes: how many classes there are.
      num_true: how many true classes a row has.
      sampled_values: what a candidate sampler gave; by `log_uniform_candidate_sampler` unless told otherwise.
      remove_accidental_hits: whether candidates that are true classes do not count.
      name: of the scope.

    Returns:
      The loss of each row, `[batch]`.

    Raises:
      InvalidArgumentError: shapes that do not fit.
    """
    return nce_loss_v1(weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
                       remove_accidental_hits, "div", name)


def sampled_softmax_loss_v1(weights: Any, biases: Any, labels: Any, inputs: Any, num_sampled: int, num_classes: int,
                            num_true: int = 1, sampled_values: Any = None, remove_accidental_hits: bool = True,
                            partition_strategy: str = "mod", name: str | None = "sampled_softmax_loss",
                            seed: int | None = None) -> Any:
    """`sampled_softmax_loss` with a choice of how a list of weights holds the classes, see `partitioned_rows`."""
    with name_scope(name or "compute_sampled_logits"):
        logits, wanted = _sampled_logits(weights, biases, labels, inputs, num_sampled, num_classes, num_true,
                                         sampled_values, remove_accidental_hits, partition_strategy, seed)
    return softmax_cross_entropy_with_logits(labels=stop_gradient(wanted, name="labels_stop_gradient"), logits=logits)


def sampled_softmax_loss(weights: Any, biases: Any, labels: Any, inputs: Any, num_sampled: int, num_classes: int,
                         num_true: int = 1, sampled_values: Any = None, remove_accidental_hits: bool = True,
                         seed: int | None = None, name: str | None = "sampled_softmax_loss") -> Any:
    """The cross entropy of a softmax over true and sampled classes (Jean et al. 2015).

    Arguments, results and errors as `nce_loss`; `seed` is that of the candidates.
    """
    return sampled_softmax_loss_v1(weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
                                   remove_accidental_hits, "div", name, seed)
