#!/usr/bin/env python3
"""Checks proofs, batch files, checkpoints and the log of editions, offline. One file, Python 3.9 or newer, nothing else.

    python3 check.py --key FINGERPRINT editions.jsonl checkpoint proof.json lines.jsonl
    python3 check.py --key FINGERPRINT --folder copy-of-the-site
    python3 check.py --known old-editions.jsonl --known old-checkpoint editions.jsonl

`--key` is the fingerprint (or the whole key) of the site as it stands on paper; without it the checker says who signed,
and you compare. A key that was replaced by the one you know is followed through `keys.jsonl`. `--known` is a log, a
checkpoint or a proof that was kept earlier, `--head 41:d57429e2…` the head on a printed sheet, `--witness` the key of
somebody who co-signs: whoever rewrote the chain since is found by any of them. The exit code is 0 where everything fits,
1 where something was changed, 2 where a file cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
