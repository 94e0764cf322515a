"""Trains the reader: a large teacher first where there is one, then the small network on labels and what it says.

Needs numpy, PyTorch and transformers, and of the project only the network, so that it runs where an accelerator is.
Learning goes by the clock: the rate falls to nothing as the seconds given are used up, so that a run ends well however
fast it is.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from eval.fitting.reader.network import Network, Outputs, large, small

CLS, SEP = 101, 102
NO_SENTENCE = 255
LONGEST_QUERY = 64
MPNET = {0: 1, CLS: 0, SEP: 2, 100: 3}
"""MPNet's ids are BERT's and four more, but for the marks."""
SOFT = 0.7
"""Of what the small network learns from, the part that is the teacher's where there is a label, too."""
PARTS = {"pair": 1.0, "span": 0.5, "holds": 0.5, "wrong": 0.5}


class Data:
    """Packed examples (see `examples.pack`) on a device, joined into pairs."""

    def __init__(self, path: Path, device: torch.device) -> None:
        arrays = dict(np.load(path))
        self.device, self.sources = device, [str(each) for each in arrays["sources"]]
        self.columns = {
            name: torch.from_numpy(
                arrays[name].astype(np.int64) if arrays[name].dtype != np.float32 else arrays[name]
            ).to(device)
            for name in "task label weight start end holds wrong wrong_known source".split()
        }
        parts = [
            (arrays[table], arrays[f"{table}_at"], arrays[column])
            for table, column in (("queries", "query"), ("headers", "header"), ("passages", "passage"))
        ]
        ids, query, passage, sentences, at = [], [], [], [], [0]
        for q, h, p in zip(*(column for _, _, column in parts), strict=True):
            one, head, text = (values[a[i] : a[i + 1]] for (values, a, _), i in zip(parts, (q, h, p), strict=True))
            middle = [head, [SEP]] if len(head) else []
            pair = np.concatenate([[CLS], one, [SEP], *middle, text, [SEP]])
            ids.append(pair.astype(np.int16 if pair.max() < 2**15 else np.int32))
            query.append(len(one))
            passage.append(len(pair) - 1 - len(text))
            first, last = parts[2][1][p], parts[2][1][p + 1]
            sentences.append(arrays["sentence"][first:last])
            at.append(at[-1] + len(pair))
        self.ids = torch.from_numpy(np.concatenate(ids).astype(np.int32)).to(device)
        self.at = torch.tensor(at, device=device)
        self.lengths = np.diff(np.array(at))
        self.query = torch.tensor(query, device=device)
        self.passage = torch.tensor(passage, device=device)
        flat = np.full(at[-1], NO_SENTENCE, dtype=np.uint8)
        for start, begin, numbers in zip(at, passage, sentences, strict=False):
            flat[start + begin : start + begin + len(numbers)] = numbers
        self.sentence = torch.from_numpy(flat).to(device)

    def __len__(self) -> int:
        return len(self.lengths)

    def batches(
        self, tokens: int, chance: np.random.Generator | None, only: np.ndarray | None = None
    ) -> list[np.ndarray]:
        """Return the places of examples of like length, so many that they hold about `tokens` tokens together."""
        places = np.arange(len(self)) if only is None else only
        lengths = self.lengths[places] + (chance.integers(0, 12, len(places)) if chance else 0)
        places = places[np.argsort(lengths, kind="stable")]
        found, start = [], 0
        while start < len(places):
            size = max(8, tokens // max(1, int(self.lengths[places[min(len(places) - 1, start + tokens // 100)]])))
            found.append(places[start : start + size])
            start += size
        if chance:
            chance.shuffle(found)
        return found

    def batch(self, places: np.ndarray) -> Batch:
        """Return some examples side by side, filled up to the longest."""
        rows = torch.from_numpy(places).to(self.device)
        longest = -(-int(self.lengths[places].max()) // 8) * 8  # what kernels are made for
        steps = torch.arange(longest, device=self.device)
        lengths = self.at[rows + 1] - self.at[rows]
        mask = steps < lengths[:, None]
        spots = (self.at[rows, None] + steps).clamp(max=len(self.ids) - 1)
        ids = torch.where(mask, self.ids[spots].long(), 0)
        sentence = torch.where(mask, self.sentence[spots].long(), NO_SENTENCE)
        columns = {name: values[rows] for name, values in self.columns.items()}
        in_passage = mask & (steps >= self.passage[rows, None]) & (steps < lengths[:, None] - 1)
        in_query = (steps >= 1) & (steps <= self.query[rows, None])
        types = ((steps > self.query[rows, None] + 1) & mask).long()
        return Batch(rows, spots, ids, mask, types, sentence, in_passage, in_query, self.passage[rows], columns)


@dataclass
class Batch:
    """Some pairs: all but `rows`, `first` (the passage's first token) and `columns` have shape (pairs, tokens).

    `spots` are the places of the tokens among those of all pairs.
    """

    rows: torch.Tensor
    spots: torch.Tensor
    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    sentence: torch.Tensor
    in_passage: torch.Tensor
    in_query: torch.Tensor
    first: torch.Tensor
    columns: dict[str, torch.Tensor]

    def for_mpnet(self) -> torch.Tensor:
        """Return the ids as MPNet numbers them."""
        ids = self.ids + 4
        for bert, mpnet in MPNET.items():
            ids = torch.where(self.ids == bert, mpnet, ids)
        return torch.where(self.mask, ids, 1)


def read(network: Network, batch: Batch) -> Outputs:
    """Return the logits of a batch, in 32 bits."""
    ids = batch.ids if network.typed else batch.for_mpnet()
    with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=batch.ids.device.type == "cuda"):
        found = network(ids, batch.mask, batch.types)
    return Outputs(found.pair.float(), found.tokens.float())


def sentence_scores(batch: Batch, tokens: torch.Tensor, most: int = 48) -> tuple[torch.Tensor, torch.Tensor]:
    """Return for each sentence of each passage the mean of its tokens' logits, and whether there is such a sentence."""
    numbers = batch.sentence.clamp(max=most)
    sums = torch.zeros(len(batch.rows), most + 1, device=tokens.device)
    counts = torch.zeros_like(sums)
    sums.scatter_add_(1, numbers, tokens * (batch.sentence < most))
    counts.scatter_add_(1, numbers, (batch.sentence < most).float())
    return (sums / counts.clamp(min=1))[:, :most], (counts > 0)[:, :most]


class Taught:
    """What a teacher says of all examples, kept: read once, learned from many times."""

    def __init__(self, teacher: Network, data: Data, tokens: int) -> None:
        teacher.eval()
        self.pair = torch.zeros(len(data), 4, device=data.device)
        self.tokens = torch.zeros(len(data.ids), 4, device=data.device, dtype=torch.float16)
        for places in data.batches(tokens, None):
            batch = data.batch(places)
            with torch.no_grad():
                found = read(teacher, batch)
            self.pair[batch.rows] = found.pair
            self.tokens[batch.spots[batch.mask]] = found.tokens[batch.mask].half()

    def __getitem__(self, batch: Batch) -> Outputs:
        return Outputs(self.pair[batch.rows], self.tokens[batch.spots].float())


def hard_loss(batch: Batch, found: Outputs) -> torch.Tensor:
    """Return the loss on what is labelled."""
    c = batch.columns
    weight, labelled = c["weight"], c["label"] >= 0
    asks, judges = (c["task"] == 0) & labelled, (c["task"] == 1) & labelled
    loss = torch.zeros((), device=found.pair.device)
    answered = functional.binary_cross_entropy_with_logits(
        found.pair[:, 0], c["label"].clamp(0, 1).float(), reduction="none"
    )
    judged = functional.cross_entropy(
        found.pair[:, 1:], c["label"].clamp(min=0), reduction="none", label_smoothing=0.03
    )
    loss = loss + PARTS["pair"] * ((answered * asks + judged * judges) * weight).sum()
    inside = found.tokens[..., :2].masked_fill(~batch.in_passage[..., None], -1e4)
    spans = asks & (c["start"] >= 0)
    for side, name in enumerate(("start", "end")):
        target = (batch.first + c[name].clamp(min=0)).clamp(max=inside.shape[1] - 1)
        loss = (
            loss
            + PARTS["span"]
            / 2
            * (functional.cross_entropy(inside[..., side], target, reduction="none") * spans * weight).sum()
        )
    scores, there = sentence_scores(batch, found.tokens[..., 2])
    holds = (c["holds"][:, None] >> torch.arange(scores.shape[1], device=scores.device)) & 1
    known = there & (asks & ((c["label"] == 0) | (c["holds"] != 0)))[:, None]
    held = functional.binary_cross_entropy_with_logits(scores, holds.float(), reduction="none")
    loss = loss + PARTS["holds"] * ((held * known).sum(1) / known.sum(1).clamp(min=1) * weight).sum()
    bits = (c["wrong"][:, None] >> torch.arange(LONGEST_QUERY - 1, device=scores.device)) & 1
    wrong = torch.zeros_like(found.tokens[..., 3])
    width = min(LONGEST_QUERY - 1, wrong.shape[1] - 1)
    wrong[:, 1 : width + 1] = bits[:, :width].float()
    words = batch.in_query & (judges & (c["wrong_known"] > 0))[:, None]
    off = functional.binary_cross_entropy_with_logits(found.tokens[..., 3], wrong, reduction="none") * (1 + wrong)
    loss = loss + PARTS["wrong"] * ((off * words).sum(1) / words.sum(1).clamp(min=1) * weight).sum()
    return loss / len(batch.rows)


def soft_loss(batch: Batch, found: Outputs, taught: Outputs) -> torch.Tensor:
    """Return how far the logits are from a teacher's."""
    asks = batch.columns["task"] == 0
    answered = functional.binary_cross_entropy_with_logits(
        found.pair[:, 0], taught.pair[:, 0].sigmoid(), reduction="none"
    )
    judged = functional.cross_entropy(found.pair[:, 1:], taught.pair[:, 1:].softmax(-1), reduction="none")
    loss = PARTS["pair"] * torch.where(asks, answered, judged).mean()
    fill = ~batch.in_passage[..., None]
    mine, theirs = (each.tokens[..., :2].masked_fill(fill, -1e4) for each in (found, taught))
    spans = -(theirs.softmax(1) * mine.log_softmax(1)).sum(1).mean(-1)
    loss = loss + PARTS["span"] * (spans * asks * taught.pair[:, 0].sigmoid()).mean()
    mine, there = sentence_scores(batch, found.tokens[..., 2])
    theirs, _ = sentence_scores(batch, taught.tokens[..., 2])
    held = functional.binary_cross_entropy_with_logits(mine, theirs.sigmoid(), reduction="none") * there
    loss = loss + PARTS["holds"] * (held.sum(1) / there.sum(1).clamp(min=1) * asks).mean()
    off = functional.binary_cross_entropy_with_logits(
        found.tokens[..., 3], taught.tokens[..., 3].sigmoid(), reduction="none"
    )
    words = batch.in_query & ~asks[:, None]
    return loss + PARTS["wrong"] * ((off * words).sum(1) / words.sum(1).clamp(min=1)).mean()


@dataclass(frozen=True)
class Plan:
    """How a network is trained: seconds, the highest rate, tokens a step, every how many seconds it is measured.

    `only` are the places of the examples that it learns from; None for all.
    """

    name: str
    seconds: float
    rate: float
    tokens: int
    measured_every: float
    seed: int = 0
    only: np.ndarray | None = field(default=None, compare=False)


def train(
    network: Network,
    data: Data,
    plan: Plan,
    taught: Taught | None,
    measure: Callable[[Network], dict[str, float]],
    log: Callable[[dict[str, object]], None],
) -> None:
    """Train a network in place, by the clock."""
    torch.manual_seed(plan.seed)
    chance = np.random.default_rng(plan.seed)
    decayed = [each for name, each in network.named_parameters() if each.ndim > 1]
    plain = [each for name, each in network.named_parameters() if each.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), fused=data.device.type == "cuda")
    began, seen, steps, losses, next_measure = time.monotonic(), 0, 0, [], plan.measured_every
    network.train()
    for places in _forever(data, plan, chance):
        part = (time.monotonic() - began) / plan.seconds
        if part >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * min(part / 0.06, 1) * (1 - part)
        batch = data.batch(places)
        found = read(network, batch)
        loss = hard_loss(batch, found)
        if taught is not None:
            loss = (1 - SOFT) * loss + SOFT * soft_loss(batch, found, taught[batch])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        seen, steps = seen + len(places), steps + 1
        losses.append(loss.detach())
        if time.monotonic() - began > next_measure:
            next_measure += plan.measured_every
            log(_line(plan, began, seen, steps, losses, measure(network)))
            network.train()
    log(_line(plan, began, seen, steps, losses, measure(network)))


def _line(
    plan: Plan, began: float, seen: int, steps: int, losses: list[torch.Tensor], figures: dict[str, float]
) -> dict[str, object]:
    loss = float(torch.stack(losses[-100:]).mean()) if losses else 0.0
    return {
        "run": plan.name,
        "seconds": round(time.monotonic() - began),
        "pairs": seen,
        "steps": steps,
        "loss": round(loss, 4),
    } | {name: round(value, 4) for name, value in figures.items()}


def _forever(data: Data, plan: Plan, chance: np.random.Generator) -> Iterator[np.ndarray]:
    while True:
        yield from data.batches(plan.tokens, chance, plan.only)


def readings(network: Network, data: Data, tokens: int) -> dict[str, np.ndarray]:
    """Return for each example its `pair` logits; whether the best `sentence` and the worst word are right; the `span`.

    `span` is the overlap (F1, in tokens) of the likeliest words with the answer. NaN where nobody says what is right.
    """
    network.eval()
    pairs = np.zeros((len(data), 4), dtype=np.float32)
    sentence, span, wrong = (np.full(len(data), np.nan, dtype=np.float32) for _ in range(3))
    for places in data.batches(tokens, None):
        batch = data.batch(places)
        with torch.no_grad():
            found = read(network, batch)
        pairs[places] = found.pair.cpu().numpy()
        scores, there = sentence_scores(batch, found.tokens[..., 2])
        best = scores.masked_fill(~there, -1e4).argmax(1)
        c = batch.columns
        right = ((c["holds"] >> best) & 1).float()
        sentence[places] = torch.where(c["holds"] != 0, right, torch.nan).cpu().numpy()
        inside = found.tokens[..., :2].masked_fill(~batch.in_passage[..., None], -1e4)
        start, end = best_span(inside)
        gold = (batch.first + c["start"], batch.first + c["end"])
        shared = (torch.minimum(end, gold[1]) - torch.maximum(start, gold[0]) + 1).clamp(min=0).float()
        overlap = 2 * shared / ((end - start + 1) + (gold[1] - gold[0] + 1))
        span[places] = torch.where(c["start"] >= 0, overlap, torch.nan).cpu().numpy()
        bits = c["wrong"]
        worst = found.tokens[..., 3].masked_fill(~batch.in_query, -1e4)[:, 1:LONGEST_QUERY].argmax(1)
        wrong[places] = torch.where(bits != 0, ((bits >> worst) & 1).float(), torch.nan).cpu().numpy()
    return {"pair": pairs, "sentence": sentence, "span": span, "wrong": wrong}


def best_span(inside: torch.Tensor, longest: int = 40) -> tuple[torch.Tensor, torch.Tensor]:
    """Return first and last token of the likeliest span of at most `longest` tokens."""
    tokens = inside.shape[1]
    joint = inside[:, :, None, 0] + inside[:, None, :, 1]
    gap = torch.arange(tokens, device=inside.device)[None, :] - torch.arange(tokens, device=inside.device)[:, None]
    joint = joint.masked_fill((gap < 0) | (gap >= longest), -1e9)
    best = joint.flatten(1).argmax(1)
    return best // tokens, best % tokens


def area(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the area under the curve: how often a positive scores above a negative."""
    order = scores.argsort(kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    positives = labels.sum()
    if not positives or positives == len(labels):
        return float("nan")
    return float((ranks[labels == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(labels) - positives)))


def figures(network: Network, data: Data, tokens: int) -> dict[str, float]:
    """Return what a network gets right of each source: areas, best sentences, spans, balanced accuracy of claims."""
    got = readings(network, data, tokens)
    task, label = data.columns["task"].cpu().numpy(), data.columns["label"].cpu().numpy()
    source = np.array(data.sources)[data.columns["source"].cpu().numpy()]
    result: dict[str, float] = {}
    for name in ("unansq", "written", "stories", "repliqa"):
        mine = (task == 0) & (source == name)
        if mine.any():
            result[f"{name} area"] = area(got["pair"][mine, 0], label[mine])
    squad = (task == 0) & np.isin(source, ["squad_du_test", "squad_flan", "squad_routerlens", "squadshifts"])
    for name, mine in (
        ("squad", squad),
        ("written", (task == 0) & (source == "written")),
        ("stories", (task == 0) & (source == "stories")),
    ):
        result[f"{name} sentence"] = float(np.nanmean(got["sentence"][mine])) if mine.any() else 0.0
        result[f"{name} span"] = float(np.nanmean(got["span"][mine])) if mine.any() else 0.0
    for name in (
        "written",
        "stories",
        "statements",
        "fever",
        "foolmetwice",
        "mnli_dev",
        "seminli_wiki",
        "vitaminc_real",
        "wice",
    ):
        mine = (task == 1) & (source == name)
        if mine.any():
            guess, gold = got["pair"][mine, 1:].argmax(1), label[mine]
            recalls = [(guess[gold == each] == each).mean() for each in np.unique(gold)]
            result[f"{name} claims"] = float(np.mean(recalls))
            result[f"{name} supported area"] = area(
                got["pair"][mine, 1:][:, 0] - got["pair"][mine, 2:].max(1), (gold == 0).astype(int)
            )
    result["wrong word"] = float(np.nanmean(got["wrong"])) if np.isfinite(got["wrong"]).any() else 0.0
    return result


def load(path: Path) -> dict[str, torch.Tensor]:
    """Read a body's weights: safetensors, or a folder of arrays in 16 bits, or in 8 with a scale for each row."""
    found: dict[str, torch.Tensor] = {}
    if path.is_file():
        from safetensors.torch import load_file

        found = load_file(path)
    for part in sorted(path.glob("*.npz")):
        arrays = dict(np.load(part))
        for name, values in arrays.items():
            if name.endswith("|scale"):
                continue
            scale = arrays.get(f"{name}|scale")
            plain = values.astype(np.float32)
            if scale is not None:
                plain = np.sign(plain) * (plain / 127) ** 2 * scale[:, None]
            found[name] = torch.from_numpy(plain)
    return found


def save(network: Network, folder: Path, name: str, megabytes: int = 14) -> None:
    """Write a network in 16 bits, in files of at most so many megabytes."""
    state = {key: value.detach().half().cpu().numpy() for key, value in network.state_dict().items()}
    parts: list[dict[str, Any]] = [{}]
    for key, value in state.items():
        pieces = np.array_split(value, max(1, -(-value.nbytes // (megabytes << 19)))) if value.ndim else [value]
        for number, piece in enumerate(pieces):
            if sum(each.nbytes for each in parts[-1].values()) + piece.nbytes > megabytes << 20:
                parts.append({})
            parts[-1][f"{key}#{number}"] = piece
    for number, part in enumerate(parts):
        np.savez(folder / f"{name}-{number}.npz", **part)


def main() -> None:
    """Train, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.npz, tune.npz, test.npz")
    parser.add_argument("--body", type=Path, required=True, help="weights of all-MiniLM-L6-v2")
    parser.add_argument("--teacher", type=Path, help="weights of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default="reader")
    parser.add_argument("--seconds", type=float, default=600, help="of all, the teacher's too")
    parser.add_argument("--teacher-seconds", type=float, default=240)
    parser.add_argument("--tokens", type=int, default=32_768, help="a step of the small network")
    parser.add_argument("--teacher-tokens", type=int, default=24_576)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--teacher-rate", type=float, default=3e-5)
    parser.add_argument("--every", type=float, default=40, help="seconds between measurements")
    parser.add_argument("--most", type=int, help="examples, of a short try")
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cuda.matmul.allow_tf32 = True
    began = time.monotonic()
    options.out.mkdir(parents=True, exist_ok=True)

    def log(line: dict[str, object]) -> None:
        print(json.dumps(line), flush=True)
        with (options.out / f"{options.name}-log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    data, tune, test = (Data(options.data / f"{name}.npz", device) for name in ("train", "tune", "test"))
    log(
        {
            "run": "read",
            "seconds": round(time.monotonic() - began),
            "train": len(data),
            "tokens": int(data.lengths.sum()),
            "device": str(device),
        }
    )
    everything = (
        np.arange(len(data))
        if options.most is None
        else np.random.default_rng(0).permutation(len(data))[: options.most]
    )
    labelled = everything[data.columns["label"].cpu().numpy()[everything] >= 0]
    taught = None
    if options.teacher:
        teacher = large(load(options.teacher)).to(device)
        plan = Plan(
            "teacher",
            options.teacher_seconds,
            options.teacher_rate,
            options.teacher_tokens,
            options.every,
            only=labelled,
        )
        train(teacher, data, plan, None, lambda each: figures(each, tune, options.teacher_tokens), log)
        log(
            {"run": "teacher on test"}
            | {key: round(value, 4) for key, value in figures(teacher, test, options.teacher_tokens).items()}
        )
        taught = Taught(teacher, data, 2 * options.teacher_tokens)
        log({"run": "teacher read all", "seconds": round(time.monotonic() - began)})
        del teacher
    network = small(load(options.body)).to(device)
    left = options.seconds - (time.monotonic() - began)
    if left <= 0:
        raise SystemExit(
            f"No seconds are left for the small network: give it more than --seconds {options.seconds:.0f}"
        )
    only = everything if taught else labelled
    plan = Plan("small", left, options.rate, options.tokens, options.every, only=only)
    train(network, data, plan, taught, lambda each: figures(each, tune, options.tokens), log)
    log(
        {"run": "small on test"}
        | {key: round(value, 4) for key, value in figures(network, test, options.tokens).items()}
    )
    save(network, options.out, options.name)


if __name__ == "__main__":
    main()
