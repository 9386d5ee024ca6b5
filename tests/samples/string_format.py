"""Samples of tensors as text."""
from __future__ import annotations

from typing import Any

from . import A, S, sample


def _text(tf: Any, template: str, *inputs: Any, **options: Any) -> Any:
    return tf.raw_ops.StringFormat(inputs=list(inputs), template=template, placeholder="{}",
                                   summarize=options.get("summarize", 3))


SAMPLES = [
    sample("StringFormat", lambda tf, x: _text(tf, "{}", x), A([1, 2, 3])),
    sample("StringFormat", lambda tf, x, y: _text(tf, "<{}> and {}!", x, y), A(2.5), A([[1.5, 2], [1e-8, 3e20]]),
           grad=False),
    sample("StringFormat", lambda tf, x: _text(tf, "{}", x), A(list(range(20)))),
    sample("StringFormat", lambda tf, x: _text(tf, "{}", x, summarize=1), A([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]] * 3)),
    sample("StringFormat", lambda tf, x: _text(tf, "{}", x, summarize=-1), A(list(range(20)))),
    sample("StringFormat", lambda tf, x: tf.raw_ops.StringFormat(inputs=[x], template="%s {}"), A(True)),
    sample("StringFormat", lambda tf, x: _text(tf, "{}", x), S("a", "b'\"\n")),
    sample("StringFormat", lambda tf, x: _text(tf, "{}", tf.cast(x, tf.float64)), A(0.1), grad=False),
    sample("StringFormat", lambda tf, x: _text(tf, "{}", tf.cast(x, tf.float16)), A([0.1, 1 / 3]), grad=False),
]
