"""Makes the golden values of feature columns. Run it in a Python that has tensorflow:

    python tools/make_column_goldens.py
"""
from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import tensorflow as tf
from tensorflow.python.feature_column.feature_column_v2 import FeatureTransformationCache
from tests import goldens
from tests.feature_columns import column_cases, error_cases
from tests.feature_columns.running import Api, run


def main() -> None:
    api = Api(tf, FeatureTransformationCache)
    cases = {**column_cases.CASES, **error_cases.CASES}
    store = {f"{name}/{key}": x for name, case in cases.items() for key, x in run(api, case).items()}
    target = goldens.FOLDER / "feature_columns.npz"
    np.savez_compressed(target, **store)
    print(len(cases), "cases", len(store), "values", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
