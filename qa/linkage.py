"""Joins vectors into groups by average linkage, with numpy alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

Weights = NDArray[np.float32]
Rows = NDArray[np.int64]
BLOCK = 256  # rows that are compared with all others at a time: bounds memory


def joined(vectors: Vectors, weights: Weights, cosine: float) -> list[Rows]:
    """The rows of unit `vectors`, shape (n, dimension), in groups.

    Two groups are joined while the mean cosine between their members, row i counted
    `weights[i]` times, is at least `cosine`: the inner product of the groups' means. All pairs
    that are each other's nearest are joined at once, which gives the same tree as one after
    the other, because joining two groups brings neither nearer to a third (Murtagh 1983).
    """
    distinct, of, times = np.unique(vectors, axis=0, return_inverse=True, return_counts=True)
    groups = np.split(np.argsort(of, kind="stable"), np.cumsum(times)[:-1])
    counts = np.bincount(of, weights).astype(np.float32)
    sums = distinct * counts[:, None]
    done: list[Rows] = []
    while groups:
        best, scores = _nearest(sums / counts[:, None])
        near = scores >= cosine
        near[best[near]] = True  # the same product may differ in its last bit the other way round
        done += [groups[row] for row in np.flatnonzero(~near)]
        left, right, alone = _pairs(best, scores, near)
        pairs = zip(left, right, strict=True)
        groups = [np.concatenate([groups[a], groups[b]]) for a, b in pairs] + [
            groups[row] for row in alone
        ]
        sums = np.concatenate([sums[left] + sums[right], sums[alone]])
        counts = np.concatenate([counts[left] + counts[right], counts[alone]])
    return done


def _nearest(means: Vectors) -> tuple[Any, Any]:
    """For each row the nearest other row and their inner product, -inf for a row alone."""
    best = np.zeros(len(means), np.int64)
    scores = np.empty(len(means), np.float32)
    for begin in range(0, len(means), BLOCK):
        rows = np.arange(begin, min(begin + BLOCK, len(means)))
        products = means[rows] @ means.T
        products[np.arange(len(rows)), rows] = -np.inf
        best[rows] = products.argmax(axis=1)
        scores[rows] = products.max(axis=1)
    return best, scores


def _pairs(best: Rows, scores: Weights, near: Any) -> tuple[Any, Any, Any]:
    """Of the near rows those that are each other's nearest, two by two, and the rows left over.

    Equal products can hide who is whose; then the nearest pair of all goes first.
    """
    rows = np.arange(len(best))
    left = rows[near & (best[best] == rows) & (rows < best)]
    if not len(left) and near.any():
        left = np.array([scores.argmax()])
    right = best[left]
    near[left] = near[right] = False
    return left, right, rows[near]
