"""Connectionist temporal classification: losses and decoders for sequences whose alignment nobody knows."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op, op
from ..core.scopes import name_scope
from ..core.shape import TensorShape
from .common import shape_text
from .ctc_kernel import log_softmax, loss_and_gradient

Array = Any


def _loss_shape(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    logits = op.inputs[0]
    rows = logits.shape[1] if logits.shape.rank == 3 else None
    return [(TensorShape([rows]), logits.dtype), (logits.shape, logits.dtype)]


def _filled(indices: Array, values: Array, rows: int) -> tuple[Array, Array]:
    """Sparse labels as a matrix, and how many each row has."""
    lengths = np.bincount(indices[:, 0], minlength=rows).astype(np.int64) if len(indices) else np.zeros(rows, np.int64)
    matrix = np.zeros((rows, int(lengths.max(initial=0))), np.int64)
    starts = np.cumsum(lengths) - lengths
    matrix[indices[:, 0], np.arange(len(indices)) - starts[indices[:, 0]]] = values
    return matrix, lengths


def _without_repeats(labels: Array, lengths: Array) -> tuple[Array, Array]:
    there = np.arange(labels.shape[1]) < lengths[:, None]
    kept = there & np.concatenate([np.ones((len(labels), 1), bool), labels[:, 1:] != labels[:, :-1]], 1)[:, :labels.shape[1]]
    row, column = np.nonzero(kept)
    return _filled(np.stack([row, column], 1), labels[row, column], len(labels))


@op("CTCLoss", "inputs: T, labels_indices: int64, labels_values: int32, sequence_length: int32 -> loss: T, gradient: T",
    attrs="preprocess_collapse_repeated: bool = false; ctc_merge_repeated: bool = true; "
          "ignore_longer_outputs_than_inputs: bool = false; T: {float, double} = float", infer=_loss_shape, host=True)
def ctc_loss_(xp: Any, inputs: Array, indices: Array, values: Array, lengths: Array,
              preprocess_collapse_repeated: bool = False, ctc_merge_repeated: bool = True,
              ignore_longer_outputs_than_inputs: bool = False) -> tuple[Array, Array]:
    _check_inputs(inputs, lengths, errors.InvalidArgumentError)
    if indices.ndim != 2:
        raise errors.InvalidArgumentError("labels_indices is not a matrix")
    if values.ndim != 1:
        raise errors.InvalidArgumentError("labels_values is not a vector")
    steps, rows, classes = inputs.shape
    if len(indices) != len(values):
        raise errors.InvalidArgumentError("labels_indices and labels_values must contain the same number of rows, but saw "
                                          f"shapes: {list(indices.shape)} vs. {list(values.shape)}")
    if rows == 0:
        raise errors.InvalidArgumentError("batch_size must not be 0")
    order = np.lexsort((indices[:, 1], indices[:, 0])) if len(indices) else np.empty(0, np.int64)
    labels, counts = _filled(indices[order], values[order], rows)
    if not counts.all():
        raise errors.InvalidArgumentError(f"Labels length is zero in batch {int(counts.argmin())}")
    if (labels < 0).any():
        bad = int(np.flatnonzero((labels < 0).any(1))[0])
        raise errors.InvalidArgumentError(f"All labels must be nonnegative integers, batch: {bad} labels: "
                                          f"{','.join(map(str, labels[bad, :counts[bad]]))}")
    # The blank and what is beyond it end a row.
    null = (labels >= classes - 1) & (np.arange(labels.shape[1]) < counts[:, None])
    if null.any():
        kept = np.where(null.any(1), null.argmax(1), counts)
        late = (null.sum(1) != counts - kept)
        if late.any():
            bad = int(np.flatnonzero(late)[0])
            raise errors.InvalidArgumentError("Saw a non-null label (index >= num_classes - 1) following a null label, batch: "
                                              f"{bad} num_classes: {classes} labels: {','.join(map(str, labels[bad]))}")
        labels, counts = np.where(null, 0, labels), kept.astype(counts.dtype)
    if preprocess_collapse_repeated:
        labels, counts = _without_repeats(labels, counts)
    there = np.arange(labels.shape[1]) < counts[:, None]
    repeats = (labels[:, 1:] == labels[:, :-1]) & there[:, 1:]
    needed = counts + (repeats.sum(1) if ctc_merge_repeated else 0)
    late = needed > lengths
    if late.any() and not ignore_longer_outputs_than_inputs:
        bad = int(np.flatnonzero(late)[0])
        raise errors.InvalidArgumentError(
            f"Not enough time for target transition sequence (required: {needed[bad]}, available: {lengths[bad]}){bad}You can "
            "turn this error into a warning by using the flag ignore_longer_outputs_than_inputs")
    loss, gradient = loss_and_gradient(np, inputs, labels, counts, lengths, classes - 1, ctc_merge_repeated)
    return loss.astype(inputs.dtype), gradient.astype(inputs.dtype)


def _check_inputs(inputs: Array, lengths: Array, wrong: type[errors.OpError] = errors.FailedPreconditionError) -> None:
    """Raises for inputs that do not fit; the decoders and the loss call the same mistake by different classes."""
    if inputs.ndim != 3:
        raise errors.InvalidArgumentError("inputs is not a 3-Tensor")
    if not inputs.size:
        raise errors.InvalidArgumentError("inputs must not be empty")
    if lengths.ndim != 1:
        raise errors.InvalidArgumentError("sequence_length is not a vector")
    if lengths.shape[0] != inputs.shape[1]:
        raise wrong(None, None, f"len(sequence_length) != batch_size.  len(sequence_length):  {lengths.shape[0]} "
                                          f"batch_size: {inputs.shape[1]}")
    late = np.flatnonzero(lengths > inputs.shape[0])
    if late.size:
        raise wrong(None, None, f"sequence_length({late[0]}) <= {inputs.shape[0]}")


@op("CTCLossDense", "logits: T, labels: int64, label_length: int64, logit_length: int64 -> loss: T, gradient: T",
    attrs="T: {float, double}", infer=_loss_shape)
def ctc_loss_dense(xp: Any, logits: Array, labels: Array, label_length: Array, logit_length: Array) -> tuple[Array, Array]:
    """TensorFlow composes this of other operations; here it is one, with its gradient beside it. The blank is class 0."""
    if not logits.shape[1] == labels.shape[0] == label_length.shape[0] == logit_length.shape[0]:
        raise errors.InvalidArgumentError(f"Incompatible shapes: logits {list(logits.shape)}, labels {list(labels.shape)}, "
                                          f"lengths {list(label_length.shape)} and {list(logit_length.shape)}")
    return loss_and_gradient(xp, logits, labels, label_length, logit_length, 0)


def _gradient(op: Any, dloss: Any, dgradient: Any) -> Any:
    from .arithmetic import multiply
    from .arrays import expand_dims
    return multiply(op.outputs[1], expand_dims(expand_dims(dloss, 0), 2))


ctc_loss_.vjp(0)(_gradient)
ctc_loss_dense.vjp(0)(_gradient)


def _greedy_shape(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    x = op.inputs[0]
    rows = x.shape[1] if x.shape.rank == 3 else None
    return [(TensorShape([None, 2]), dtypes.int64), (TensorShape([None]), dtypes.int64), (TensorShape([2]), dtypes.int64),
            (TensorShape([rows, 1]), x.dtype)]


@op("CTCGreedyDecoder", "inputs: T, sequence_length: int32 -> decoded_indices: int64, decoded_values: int64, "
    "decoded_shape: int64, log_probability: T",
    attrs="merge_repeated: bool = false; blank_index: int = -1; T: {float, double} = float", infer=_greedy_shape, host=True,
    dynamic=True)
def greedy_decoder(xp: Any, inputs: Array, lengths: Array, merge_repeated: bool = False,
                   blank_index: int = -1) -> tuple[Array, ...]:
    _check_inputs(inputs, lengths)
    steps, rows, classes = inputs.shape
    blank = blank_index + classes if blank_index < 0 else blank_index
    if not 0 <= blank < classes:
        raise errors.InvalidArgumentError(f"blank_index expected to be between {-classes} and {classes - 1} but was "
                                          f"{blank_index}")
    inside = np.arange(steps)[:, None] < lengths
    # The largest from the left on, and NaN is not larger than what stands before it.
    first = np.isnan(inputs[:, :, :1])
    ranked = np.where(first, 0, np.where(np.isnan(inputs), -np.inf, inputs))
    best = ranked.argmax(2)
    kept = inside & (best != blank)
    if merge_repeated:
        kept[1:] &= best[1:] != best[:-1]
    row, time = np.nonzero(kept.T)
    counts = kept.sum(0)
    column = np.arange(row.size) - (np.cumsum(counts) - counts)[row]
    score = -np.where(inside, np.take_along_axis(inputs, best[:, :, None], 2)[:, :, 0], 0).sum(0, dtype=inputs.dtype)
    return (np.stack([row, column], 1), best[time, row], np.array([rows, counts.max(initial=0)], np.int64),
            score[:, None])


def _beam_shape(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    x, paths = op.inputs[0], int(op.attrs["top_paths"])
    rows = x.shape[1] if x.shape.rank == 3 else None
    return [*[(TensorShape([None, 2]), dtypes.int64)] * paths, *[(TensorShape([None]), dtypes.int64)] * paths,
            *[(TensorShape([2]), dtypes.int64)] * paths, (TensorShape([rows, paths]), x.dtype)]


@op("CTCBeamSearchDecoder", "inputs: T, sequence_length: int32 -> decoded_indices: top_paths * int64, "
    "decoded_values: top_paths * int64, decoded_shape: top_paths * int64, log_probability: T",
    attrs="beam_width: int; top_paths: int; merge_repeated: bool = true; T: {float, double} = float", infer=_beam_shape,
    host=True, dynamic=True)
def beam_decoder(xp: Any, inputs: Array, lengths: Array, beam_width: int, top_paths: int,
                 merge_repeated: bool = True) -> tuple[Array, ...]:
    _check_inputs(inputs, lengths)
    if top_paths > beam_width:
        raise errors.InvalidArgumentError("top_paths (n) <= beam_width")
    log_p = log_softmax(np, inputs)
    found = [_beams(log_p[:n, b], beam_width)[:top_paths] for b, n in enumerate(lengths.tolist())]
    scores = np.full((len(found), top_paths), -np.inf, inputs.dtype)
    tables: list[list[list[int]]] = [[] for _ in range(top_paths)]
    for b, paths in enumerate(found):
        if len(paths) < top_paths:
            raise errors.InvalidArgumentError("Less leaves in the beam search than requested.")
        for k, (labels, score) in enumerate(paths):
            scores[b, k] = score
            merged = [c for i, c in enumerate(labels) if not (merge_repeated and i and labels[i - 1] == c)]
            tables[k].append(merged)
    indices = [np.array([(b, i) for b, row in enumerate(t) for i in range(len(row))], np.int64).reshape(-1, 2) for t in tables]
    values = [np.array([c for row in t for c in row], np.int64) for t in tables]
    shapes = [np.array([len(t), max((len(row) for row in t), default=0)], np.int64) for t in tables]
    return (*indices, *values, *shapes, scores)


Beam = tuple[tuple[int, ...], float]


def _beams(log_p: Array, width: int) -> list[Beam]:
    """The best label sequences of one row, best first, of which `width` are followed (Hannun et al. 2014).

    Each sequence has two probabilities, of paths that end in a blank and of those that end in its last label.
    """
    steps, classes = log_p.shape
    beams: list[tuple[int, ...]] = [()]
    blank, label = np.zeros(1), np.full(1, -np.inf)
    for t in range(steps):
        p = log_p[t].astype(np.float64)
        total = np.logaddexp(blank, label)
        place = {beam: i for i, beam in enumerate(beams)}
        ends = np.array([beam[-1] if beam else -1 for beam in beams], np.int64)
        grown = total[:, None] + p[None, :-1]
        again = np.flatnonzero(ends >= 0)
        grown[again, ends[again]] = blank[again] + p[ends[again]]  # the same label anew needs a blank between
        arriving = np.full(len(beams), -np.inf)
        for i, beam in enumerate(beams):
            parent = place.get(beam[:-1]) if beam else None
            if parent is not None:
                arriving[i] = grown[parent, beam[-1]]
                grown[parent, beam[-1]] = -np.inf
        new_label = np.logaddexp(np.where(ends >= 0, label + p[ends], -np.inf), arriving)
        new_blank = total + p[-1]
        scores = np.concatenate([np.logaddexp(new_blank, new_label), grown.ravel()])
        possible = np.flatnonzero(scores != -np.inf)
        best = possible[np.argsort(-scores[possible], kind="stable")[:width]]
        count = len(beams)
        chosen, chosen_blank, chosen_label = [], [], []
        for i in best.tolist():
            if i < count:
                chosen.append(beams[i])
                chosen_blank.append(new_blank[i])
                chosen_label.append(new_label[i])
            else:
                parent, c = divmod(i - count, classes - 1)
                chosen.append((*beams[parent], c))
                chosen_blank.append(-np.inf)
                chosen_label.append(scores[i])
        beams, blank, label = chosen, np.array(chosen_blank), np.array(chosen_label)
    total = np.logaddexp(blank, label)
    order = np.argsort(-total, kind="stable")
    return [(beams[i], float(total[i])) for i in order.tolist()]


for _entry in (greedy_decoder, beam_decoder):
    _entry.not_differentiable()


def _sparse(indices: Any, values: Any, shape: Any) -> Any:
    from .sparse.tensor import SparseTensor
    return SparseTensor(indices, values, shape)


def ctc_greedy_decoder(inputs: Any, sequence_length: Any, merge_repeated: bool = True, blank_index: int | None = None) -> Any:
    """The best class of each step, without blanks.

    Args:
      inputs: logits `[time, batch, classes]`.
      sequence_length: int32 `[batch]`.
      merge_repeated: whether a class that follows itself counts once.
      blank_index: the class of the blank; the last unless told otherwise.

    Returns:
      A list of one sparse tensor of the labels, int64 `[batch, longest]`; and minus the sum of the best logits of each
      row, `[batch, 1]`.

    Raises:
      InvalidArgumentError: shapes that do not fit, or no such blank.
    """
    attrs = {"merge_repeated": merge_repeated, "blank_index": -1 if blank_index is None else blank_index}
    inputs = (convert_to_tensor(inputs), convert_to_tensor(sequence_length, dtypes.int32))
    *parts, score = apply(greedy_decoder, inputs, attrs)
    return [_sparse(*parts)], score


def ctc_beam_search_decoder_v1(inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1,
                               merge_repeated: bool = True) -> Any:
    """`ctc_beam_search_decoder` that may merge labels that follow themselves in its output."""
    attrs = {"beam_width": beam_width, "top_paths": top_paths, "merge_repeated": merge_repeated}
    *parts, score = apply(beam_decoder, (convert_to_tensor(inputs), convert_to_tensor(sequence_length, dtypes.int32)), attrs)
    return [_sparse(*parts[k::top_paths]) for k in range(top_paths)], score


def ctc_beam_search_decoder(inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1) -> Any:
    """The most probable label sequences, found by following the best ones.

    Args:
      inputs: logits `[time, batch, classes]`; the blank is the last class.
      sequence_length: int32 `[batch]`.
      beam_width: how many sequences are followed.
      top_paths: how many of them are given.

    Returns:
      A list of sparse tensors of labels, int64 `[batch, longest]`, best first; and the logarithms of their probabilities,
      `[batch, top_paths]`.

    Raises:
      InvalidArgumentError: shapes that do not fit, or more paths than are followed.
    """
    return ctc_beam_search_decoder_v1(inputs, sequence_length, beam_width, top_paths, False)


def ctc_loss_v1(labels: Any, inputs: Any = None, sequence_length: Any = None, preprocess_collapse_repeated: bool = False,
                ctc_merge_repeated: bool = True, ignore_longer_outputs_than_inputs: bool = False, time_major: bool = True,
                logits: Any = None) -> Any:
    """The loss for sparse labels, with the last class as the blank.

    Args:
      labels: a sparse tensor, int32 `[batch, longest]`.
      inputs: logits `[time, batch, classes]`; `[batch, time, classes]` unless `time_major`. `logits` is another name.
      sequence_length: int32 `[batch]`.
      preprocess_collapse_repeated: whether labels that follow themselves are merged before.
      ctc_merge_repeated: False counts a label anew at every step.
      ignore_longer_outputs_than_inputs: whether rows with more labels than steps have an infinite
        loss, instead of an error.

    Returns:
      Minus the logarithm of the labels' probability, `[batch]`.

    Raises:
      TypeError: labels that are not sparse.
      InvalidArgumentError: too few steps, a label out of range, or shapes that do not fit.
    """
    if not hasattr(labels, "dense_shape"):
        raise TypeError(f"Expected argument `labels` to be a SparseTensor. Received labels={labels} of type: "
                        f"{type(labels).__name__}")
    x = convert_to_tensor(inputs if logits is None else logits)
    if not time_major:
        x = apply(get_op("Transpose"), (x, (1, 0, 2)))
    kind = x.dtype
    small = kind in (dtypes.float16, dtypes.bfloat16)
    from .casting import cast
    attrs = {"preprocess_collapse_repeated": preprocess_collapse_repeated, "ctc_merge_repeated": ctc_merge_repeated,
             "ignore_longer_outputs_than_inputs": ignore_longer_outputs_than_inputs}
    arguments = (cast(x, dtypes.float32) if small else x, labels.indices, cast(labels.values, dtypes.int32),
                 cast(convert_to_tensor(sequence_length), dtypes.int32))
    loss = apply(ctc_loss_, arguments, attrs)[0]
    return cast(loss, kind) if small else loss


def _with_blank(x: Any, blank: int, first: bool) -> Any:
    """Logits with the class of the blank first, or last."""
    from .arrays import concat
    parts = [x[:, :, blank:blank + 1], x[:, :, :blank], x[:, :, blank + 1:]]
    return concat(parts if first else [*parts[1:], parts[0]], 2)


def ctc_loss(labels: Any, logits: Any, label_length: Any, logit_length: Any, logits_time_major: bool = True,
             unique: Any = None, blank_index: int | None = None, name: str | None = None) -> Any:
    """The loss of connectionist temporal classification (Graves et al. 2006).

    Args:
      labels: integers `[batch, longest]`, or a sparse tensor of them.
      logits: `[time, batch, classes]`; `[batch, time, classes]` unless `logits_time_major`.
      label_length: `[batch]`; None for sparse labels.
      logit_length: `[batch]`.
      unique: accepted, what `ctc_unique_labels` gives: it saves no work here.
      blank_index: the class of the blank; 0 unless told otherwise, and to be given for sparse labels.
      name: of the scope.

    Returns:
      Minus the logarithm of the labels' probability, `[batch]`; infinite for dense labels with too few steps.

    Raises:
      ValueError: sparse labels without `blank_index`.
      InvalidArgumentError: for sparse labels, too few steps or a label out of range.
    """
    from .casting import cast
    from .masking import where
    x = convert_to_tensor(logits)
    classes = x.shape[2]
    if hasattr(labels, "dense_shape"):
        if blank_index is None:
            raise ValueError("Argument `blank_index` must be provided when `labels` is a `SparseTensor`.")
        blank = blank_index + classes if blank_index < 0 else blank_index
        if blank != classes - 1:
            x = _with_blank(x, blank, False)
            values = where(labels.values < blank, labels.values, labels.values - 1)
            labels = _sparse(labels.indices, values, labels.dense_shape)
        return ctc_loss_v1(labels, x, logit_length, time_major=logits_time_major)
    with name_scope(name or "ctc_loss_dense"):
        kind = x.dtype
        small = kind in (dtypes.float16, dtypes.bfloat16)
        if small:
            x = cast(x, dtypes.float32)
        if not logits_time_major:
            x = apply(get_op("Transpose"), (x, (1, 0, 2)))
        labels = cast(convert_to_tensor(labels), dtypes.int64)
        blank = 0 if blank_index is None else blank_index
        if blank < 0:
            blank += classes
        if blank:
            x = _with_blank(x, blank, True)
            labels = where(labels < blank, labels + 1, labels)
        lengths = [cast(convert_to_tensor(n), dtypes.int64) for n in (label_length, logit_length)]
        loss = apply(ctc_loss_dense, (x, labels, *lengths))[0]
        return cast(loss, kind) if small else loss


def _unique_shape(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    return [(op.inputs[0].shape, dtypes.int64), (op.inputs[0].shape, dtypes.int32)]


@op("CTCUniqueLabels", "labels: T -> y: int64, idx: int32", attrs="T: {int32, int64}", infer=_unique_shape, host=True)
def unique_labels(xp: Any, labels: Array) -> tuple[Array, Array]:
    """TensorFlow maps `unique` over the rows; here it is one operation."""
    if not labels.size:
        return labels.astype(np.int64), labels.astype(np.int32)
    first = (labels[:, :, None] == labels[:, None, :]).argmax(2)  # where each label stands for the first time
    is_first = first == np.arange(labels.shape[1])
    number = np.cumsum(is_first, 1) - 1
    y = np.zeros(labels.shape, np.int64)
    row, column = np.nonzero(is_first)
    y[row, number[row, column]] = labels[row, column]
    return y, np.take_along_axis(number, first, 1).astype(np.int32)


unique_labels.not_differentiable()


def ctc_unique_labels(labels: Any, name: str | None = None) -> Any:
    """The different labels of each row in the order of their first place, and which of them each label is.

    Args:
      labels: `[batch, n]`.
      name: of the operation.

    Returns:
      The labels, int64 `[batch, n]`, filled up with zeros; and places among them, int32 `[batch, n]`.
    """
    return apply(unique_labels, (convert_to_tensor(labels),), name=name)


@op("CTCCollapseRepeated", "labels: T, seq_length: U -> labels: T, seq_length: U",
    attrs="T: {int32, int64}; U: {int32, int64}",
    infer=lambda op: [(TensorShape([op.inputs[0].shape[0] if op.inputs[0].shape.rank else None, None]), op.inputs[0].dtype),
                      (op.inputs[1].shape, op.inputs[1].dtype)], host=True, dynamic=True)
def collapse(xp: Any, labels: Array, seq_length: Array) -> tuple[Array, Array]:
    """TensorFlow composes this of other operations; here it is one, since the shape depends on values."""
    if len(labels) != len(seq_length):
        raise ValueError(f"Shapes {shape_text((labels.size,))} and {shape_text((len(seq_length) * labels.shape[1],))} are "
                         "incompatible")
    out, lengths = _without_repeats(labels, seq_length)
    return out.astype(labels.dtype), lengths.astype(seq_length.dtype)


collapse.not_differentiable()


def collapse_repeated(labels: Any, seq_length: Any, name: str | None = None) -> Any:
    """Labels with those that follow themselves merged, and the new lengths.

    Args:
      labels: `[batch, n]`.
      seq_length: `[batch]`, how many labels of each row count.
      name: of the operation.

    Returns:
      The labels `[batch, longest]`, filled up with zeros; and the lengths `[batch]`.
    """
    return apply(collapse, (convert_to_tensor(labels), convert_to_tensor(seq_length)), name=name)
