"""Random numbers by counting: each patient has a stream of their own, keyed by the seed and the patient's number.

What a patient draws depends on neither the size of a block, nor the order of blocks, nor the number of workers. The
generator is Philox4x64-10 (Salmon and others, 2011), the one that numpy has, worked here for many
keys at once: ``numpy.random.Philox(key=[seed, patient], counter=[0, occasion, purpose, 0])`` gives the same bits.
Normals come from uniforms by the inverse of the distribution function: one number in, one number out.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from ivigil.documents import BadInput, Fault

FloatArray = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Purpose = Literal["etas", "covariates", "assay", "proposal", "scales", "resampling", "walk", "starts"]

# A purpose keeps its place for ever: another order would change every population drawn.
_PURPOSES: Final[tuple[Purpose, ...]] = (
    *("etas", "covariates", "assay", "proposal"),
    *("scales", "resampling", "walk", "starts"),
)
_ROUNDS = 10
_MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
_WEYL = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_WORDS = 4
_LARGEST_SEED = 2**64 - 1
# 52 bits and a half: never 0 and never 1, where no normal is.
_SPARE, _STEP = np.uint64(12), 2.0**-52


def uniforms(seed: int, patients: Words, count: int, *, purpose: Purpose, occasion: int = 0) -> FloatArray:
    """``count`` numbers between 0 and 1, ends left out, for each of ``patients`` (P,): shape (P, count)."""
    found = words(seed, patients, count, purpose=purpose, occasion=occasion) >> _SPARE
    return (found.astype(np.float64) + 0.5) * _STEP


def normals(seed: int, patients: Words, count: int, *, purpose: Purpose, occasion: int = 0) -> FloatArray:
    """``count`` standard normal numbers for each of ``patients`` (P,): shape (P, count)."""
    found: FloatArray = ndtri(uniforms(seed, patients, count, purpose=purpose, occasion=occasion))
    return found


def words(seed: int, patients: Words, count: int, *, purpose: Purpose, occasion: int = 0) -> Words:
    """``count`` random words of 64 bits for each of ``patients`` (P,): shape (P, count)."""
    refuse_seed(seed)
    if occasion < 0:
        raise BadInput([Fault("occasion", str(occasion), "0 or more")])
    blocks = -(-count // _WORDS)
    keys = np.uint64(seed), np.asarray(patients, dtype=np.uint64)
    made = np.empty((keys[1].size, blocks * _WORDS), dtype=np.uint64)
    for block in range(blocks):
        # numpy counts up before it draws: its first block has the counter 1
        counter = (block + 1, occasion, _PURPOSES.index(purpose), 0)
        made[:, block * _WORDS : (block + 1) * _WORDS] = np.stack(_philox(keys, counter), axis=1)
    return made[:, :count]


def numbered(first: int, count: int) -> Words:
    """The patients ``first`` to ``first + count - 1``."""
    return np.arange(first, first + count, dtype=np.uint64)


def refuse_seed(seed: int) -> None:
    """Raise :class:`BadInput` for a seed that is no whole number of 64 bits."""
    if not 0 <= seed <= _LARGEST_SEED:
        raise BadInput([Fault("seed", str(seed), f"a whole number from 0 to {_LARGEST_SEED}")])


def _philox(keys: tuple[np.uint64, Words], counter: tuple[int, int, int, int]) -> tuple[Words, Words, Words, Words]:
    """Ten rounds for every key, at one counter."""
    one, two = np.full_like(keys[1], keys[0]), keys[1].copy()
    a, b, c, d = (np.full_like(keys[1], np.uint64(value)) for value in counter)
    for turn in range(_ROUNDS):
        if turn:
            one += _WEYL[0]
            two += _WEYL[1]
        high_a, low_a = _product(a, _MULTIPLIERS[0])
        high_c, low_c = _product(c, _MULTIPLIERS[1])
        a, b, c, d = high_c ^ b ^ one, low_c, high_a ^ d ^ two, low_a
    return a, b, c, d


def _product(value: Words, by: np.uint64) -> tuple[Words, Words]:
    """The upper and the lower 64 bits of a product, from the products of halves."""
    high, low = value >> _HALF, value & _LOW
    by_high, by_low = by >> _HALF, by & _LOW
    corner, one, other = low * by_low, high * by_low, low * by_high
    middle = (corner >> _HALF) + (one & _LOW) + (other & _LOW)
    return high * by_high + (one >> _HALF) + (other >> _HALF) + (middle >> _HALF), value * by
