"""A trained network as ONNX in int8: the file that ships, and how far its answers are from those in 32 bits."""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from eval.fitting.reader.network import Network, small

NAMES = ("ids", "mask", "types")


def assembled(parts: Iterable[Path]) -> Network:
    """Return the network from the files that `training.save` wrote."""
    pieces: dict[str, dict[int, np.ndarray]] = {}
    for part in parts:
        for name, values in dict(np.load(part)).items():
            key, _, number = name.rpartition("#")
            pieces.setdefault(key, {})[int(number)] = values
    network = small()
    shapes = {key: value.shape for key, value in network.state_dict().items()}
    state = {
        key: torch.from_numpy(
            np.concatenate([np.atleast_1d(found[number]) for number in sorted(found)]).astype(np.float32)
        ).reshape(shapes[key])
        for key, found in pieces.items()
    }
    network.load_state_dict(state)
    network.eval()
    return network


class _Named(nn.Module):
    """The network with its outputs as a plain pair, as ONNX wants them."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found = self.network(ids, mask, types)
        return found.pair, found.tokens


def export(network: Network, path: Path, whole: Path | None = None) -> str:
    """Write the network as int8 ONNX, and in 32 bits to `whole` if one is named; return the file's SHA-256.

    Weights of matrices are quantised by column, those of the vocabulary by row, and what flows between as it comes.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        plain = whole or Path(folder) / "whole.onnx"
        sample = tuple(torch.ones(2, 16, dtype=torch.int64) for _ in NAMES)
        axes = {name: {0: "pairs", 1: "tokens"} for name in NAMES} | {
            "pair": {0: "pairs"},
            "tokens": {0: "pairs", 1: "tokens"},
        }
        torch.onnx.export(
            _Named(network), sample, str(plain), input_names=list(NAMES), output_names=["pair", "tokens"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            plain,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Export, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="+", type=Path, help="files that training wrote")
    parser.add_argument("--out", type=Path, required=True, help="file of the weights in int8")
    parser.add_argument("--whole", type=Path, help="file of the weights in 32 bits, if they are to be kept")
    parser.add_argument("--calibration", type=Path, help="calibration to put beside --out, as of these weights")
    options = parser.parse_args()
    sha256 = export(assembled(options.parts), options.out, options.whole)
    if options.calibration:
        numbers = json.loads(options.calibration.read_text(encoding="utf-8")) | {"sha256": sha256}
        beside = options.out.with_name("calibration.json")
        beside.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")
    print(sha256)


if __name__ == "__main__":
    main()
