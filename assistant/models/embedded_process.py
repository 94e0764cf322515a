"""The process that runs the embedded chat model: `embedded_server` starts it, and it ends with its parent.

It is a process of its own because llama.cpp, inside ours, stops every thread of it for the 4-10 s of loading, and in
2 of 30 trials never came back from being stopped. Run as a script: it must import nothing of Pullquote.

Wire: one line of JSON on standard input with path, name and key; one on standard output with address or error.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

CONTEXT_TOKENS = 4096
_BATCH_TOKENS = 256
"""Tokens read between two looks at whether anyone still listens: a stop takes 1.3 s, at 2048 it took 25."""
_CACHE_MEBIBYTES = 512
"""For prompts read before: the same beginning again takes .2 s rather than 6.8 s."""
_MOST_THREADS = 8
_PING_SECONDS = 1


def main() -> None:
    """Serve one model until standard input ends, as it does when the parent does."""
    asked = json.loads(sys.stdin.readline())
    try:
        server = _serve(asked["path"], asked["name"], asked["key"])
        answer = {"address": str(server.listening_address)}
    except Exception as error:
        answer = {"error": " ".join(str(error).split()) or type(error).__name__}
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on
    if "address" in answer:
        sys.stdin.read()
    os._exit(0)  # without llama.cpp's own end, which may hang


def _serve(path: str, name: str, key: str) -> Any:
    """Start llama.cpp's server on a free loopback port."""
    import xllamacpp

    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parameters = xllamacpp.CommonParams()
    parameters.model.path = path
    parameters.model_alias = {name}
    parameters.offline = True
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.verbosity = -1
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.n_batch = _BATCH_TOKENS
    parameters.cache_ram_mib = _CACHE_MEBIBYTES
    parameters.sse_ping_interval = _PING_SECONDS
    parameters.cpuparams.n_threads = min(processors, _MOST_THREADS)
    parameters.cpuparams_batch.n_threads = min(processors, _MOST_THREADS)
    return xllamacpp.Server(parameters)


if __name__ == "__main__":
    main()
