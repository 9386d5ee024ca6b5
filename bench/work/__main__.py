"""Runs one row for one library and prints the result as JSON."""

import json
import sys
from pathlib import Path

# The first entry of the path is this folder. Nothing in it, or beside it, shall stand in for a library.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
import work  # noqa: E402

sys.path.pop(0)

if __name__ == "__main__":
    print(json.dumps(work.main(*sys.argv[1:3])))
