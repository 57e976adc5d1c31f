"""One record after another on its principal's row: ring, chains, shrunken means. Called by :mod:`detectors.profile`.

A row is one numpy record of ``STATE``; all zeros is a principal never seen. Functions are in the order in which a
record meets them. Loops run over ``len(column)`` rather than a constant, since compilers unroll short constant loops
instead of using vector registers: the search of the ring is six times as fast.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.compiled import compiled
from detectors.features.outputs import FLOOR, GROUPS
from detectors.features.space import FOURIER, SKETCH
from detectors.statistics import AT, LONG, SHORT, SIGNALS, WHOLES

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled

RING = 32  # distinct inputs remembered
CHAINS = 8  # live chains of near copies
MEMORY = 128  # records: of the distribution of contents and of answers
CONTENT_WEIGHT = 16  # prior records
SHORT_WEIGHT, LONG_WEIGHT = 8, 16  # prior records of the two memories
PAUSE = 300  # s without a request end a session
BURST, DAY = 600, 86_400  # s
NEAR = 0.5  # times the usual spacing: a near copy
WIDTH = len(SIGNALS)
WHOLE = len(WHOLES)
FIXED = 4096  # units of a whole-number square of Fourier means

STATE = np.dtype(
    [
        ("n", "u4"),
        ("distinct", "u4"),
        ("chains", "u4"),
        ("session", "u4"),
        ("last", "f8"),
        ("u", "i2", (RING, SKETCH)),
        ("hash", "u8", RING),
        ("rare", "u4", (RING, 2)),
        ("chain", "u4", RING),
        ("label", "i4", RING),
        ("children", "u2", RING),
        ("chain_id", "u4", CHAINS),
        ("root", "i4", CHAINS),
        ("length", "u4", CHAINS),
        ("lowest", "f4", CHAINS),
        ("highest", "f4", CHAINS),
        ("phi", "f4", FOURIER),
        ("contents", "f4"),
        ("mix", "f4", GROUPS),
        ("last_u", "i2", SKETCH),
        ("last_step", "f4", SKETCH),
        ("last_length", "f4"),
        ("last_label", "i4"),
        ("applied", "f4", WIDTH),
        ("short", "f4", WIDTH),
        ("long", "f4", WIDTH),
        ("burst", "f4"),
        ("day", "f4"),
        ("fresh", "f4"),
    ],
    align=True,
)

REPEAT, NEAR_COPY, NEAREST, NEAREST_SPREAD = AT["repeat"], AT["near_copy"], AT["nearest"], AT["nearest_spread"]
FLIP, RECORD_LOW, RECORD_HIGH = AT["flip"], AT["record_low"], AT["record_high"]
CHAIN_LENGTH, BRANCHING, LOOK_BACK = AT["chain_length"], AT["branching"], AT["look_back"]
DIRECTION, ALIGNMENT, STEP, STEP_SPREAD = AT["direction"], AT["alignment"], AT["step"], AT["step_spread"]
NEAR_BOUNDARY, TRIGGER, SAME_LABEL = AT["near_boundary"], AT["trigger"], AT["same_label"]
GAP, GAP_SPREAD = AT["gap"], AT["gap_spread"]
MARGIN_RANK, MARGIN_EXTREMES = AT["margin_rank"], AT["margin_extremes"]


class Habits(NamedTuple):
    """What principals do on the clean period: where a profile starts.

    Attributes
    ----------
    prior : (28,) f4, mean of principals' mean signals
    nearest, step, gap : (1,) f4, centres of the three squared deviations
    mix, log_mix : (groups,) f4, share of each answer group, and its log
    spacing, spread : (1,) f4, of :class:`detectors.features.space.Space`
    """

    prior: Array
    nearest: Array
    step: Array
    gap: Array
    mix: Array
    log_mix: Array
    spacing: Array
    spread: Array


class Rows(NamedTuple):
    """N records as columns, see :mod:`detectors.features.numeric`."""

    time: Array
    trusted: Array
    hash: Array
    u: Array
    phi: Array
    rare: Array
    label: Array
    group: Array
    margin: Array
    probabilities: Array
    tails: Array


@compiled
def advance(
    rows: Rows, slots: Array, state: Array, spare: Array, habits: Habits, statistics: Array, signals: Array
) -> None:
    """Let each record change its principal's row, and write down the statistics after it.

    Parameters
    ----------
    slots, state : (N,) row of each record, and the rows; a record that is not trusted changes a copy only
    spare : (1,) room for that copy
    statistics : out (N, 64) f4
    signals : out (N, 28) f4, what each record by itself says, NaN where it does not apply; or (0, 28)
    """
    signal = np.empty(WIDTH, np.float32)
    for i in range(len(slots)):
        row = state[slots[i]]
        if not rows.trusted[i]:
            spare[0] = row
            row = spare[0]
        if row.n == 0:
            begin(row, habits)
        for k in range(WIDTH):
            signal[k] = rows.tails[i, k] if k < rows.tails.shape[1] else np.nan
        keep_pace(row, rows.time[i], habits, signal)
        if row.n > 0 and len(habits.mix) > 1:
            signal[SAME_LABEL] = row.last_label == rows.label[i]
        row.last_label = rows.label[i]
        if rows.hash[i] != 0:
            compare(row, rows, i, habits, signal)
        row.n += 1
        average(row, signal)
        for k in range(WIDTH):
            statistics[i, k] = row.short[k]
            statistics[i, WIDTH + k] = row.long[k]
        look_at_whole(row, rows.group[i], habits, statistics[i, 2 * WIDTH :])
        if len(signals):
            for k in range(WIDTH):
                signals[i, k] = signal[k]


@compiled
def begin(row: Any, habits: Habits) -> None:
    """A principal never seen is taken for the usual one."""
    for k in range(WIDTH):
        row.short[k] = habits.prior[k]
        row.long[k] = habits.prior[k]
    for k in range(len(habits.mix)):
        row.mix[k] = habits.mix[k]


@compiled
def log2(x: Scalar) -> Scalar:
    """Log to base 2 (numba 0.68 does not compile np.log2 of float32)."""
    return np.log(np.float32(x)) * np.float32(1.4426950408889634)


@compiled
def keep_pace(row: Any, time: Scalar, habits: Habits, signal: Array) -> None:
    """Gap to the last request, running session, counts that fade within ten minutes and within a day."""
    gap = np.float32(max(time - row.last, 0.0)) if row.n > 0 else np.float32(0)
    if row.n > 0:
        log_gap = np.log(max(gap, np.float32(1e-3))) * np.float32(0.4342944819032518)
        signal[GAP] = log_gap
        signal[GAP_SPREAD] = (log_gap - habits.gap[0]) ** 2
    if gap > np.float32(PAUSE):
        row.session = 0
    row.session += 1
    faded = np.exp(-gap / np.float32(BURST))
    row.burst = row.burst * faded + np.float32(1)
    row.fresh = row.fresh * faded
    row.day = row.day * np.exp(-gap / np.float32(DAY)) + np.float32(1)
    row.last = time


@compiled
def compare(row: Any, rows: Rows, i: int, habits: Habits, signal: Array) -> None:
    """Compare an input with the ring of the last distinct ones, link it to its nearest, and take it into the ring."""
    held = np.int64(min(row.distinct, np.uint32(RING)))
    for j in range(held):
        if row.hash[j] == rows.hash[i]:
            signal[REPEAT] = 1
            return
    signal[REPEAT] = 0
    row.fresh += np.float32(1)
    near = False
    chain = np.uint32(0)
    if held > 0:
        parent, squared = nearest(row, held, rows.u[i])
        distance = np.sqrt(np.float32(squared)) / habits.spacing[0]
        near = distance < np.float32(NEAR)
        signal[NEAR_COPY] = near
        signal[NEAREST] = log_distance(distance)
        signal[NEAREST_SPREAD] = (signal[NEAREST] - habits.nearest[0]) ** 2
        signal[TRIGGER] = np.float32(0) if near else shared_marks(row, held, rows.rare[i], rows.label[i])
        take_step(row, rows.u[i], habits, signal)
        if near:
            chain = link(row, parent, rows, i, signal)
    remember(row, rows, i, chain)
    if not near:
        take_content(row, rows.phi[i])


@compiled
def nearest(row: Any, held: Scalar, u: Array) -> tuple[int, Scalar]:
    """Place in the ring of the nearest earlier input, and the squared distance to it, squared units of u."""
    best = np.int32(0x7FFFFFFF)
    at = 0
    for j in range(held):
        squared = squared_distance(u, row.u[j])
        if squared < best:
            best = squared
            at = j
    return at, best


@compiled
def squared_distance(a: Array, b: Array) -> Scalar:
    """Squared distance of two sketches; their differences fit 16 bits, their sum of squares 32."""
    total = np.int32(0)
    for c in range(len(a)):
        d = np.int16(a[c] - b[c])
        total = np.int32(total + np.int32(d) * np.int32(d))
    return total


@compiled
def log_distance(distance: Scalar) -> Scalar:
    """Log2 of a distance in usual spacings, within -6..3."""
    return log2(min(max(distance, np.float32(1 / 64)), np.float32(8)))


@compiled
def shared_marks(row: Any, held: Scalar, rare: Array, label: Scalar) -> Scalar:
    """Share of the ring with the same answer and one of the same two min-hashes of rare values."""
    if rare[0] == 0:
        return np.float32(0)
    count = 0
    for j in range(held):
        if row.label[j] == label and (row.rare[j, 0] == rare[0] or row.rare[j, 1] == rare[1]):
            count += 1
    return np.float32(count) / np.float32(held)


@compiled
def take_step(row: Any, u: Array, habits: Habits, signal: Array) -> None:
    """Length of the step from the last distinct input, and its cosine with the step before."""
    squared = np.float32(0)
    dot = np.float32(0)
    for c in range(len(u)):
        d = np.float32(np.int32(u[c]) - np.int32(row.last_u[c]))
        squared += d * d
        dot += d * row.last_step[c]
        row.last_step[c] = d
    length = np.sqrt(squared)
    signal[STEP] = log_distance(length / habits.spacing[0])
    signal[STEP_SPREAD] = (signal[STEP] - habits.step[0]) ** 2
    if length > 0 and row.last_length > 0:
        signal[DIRECTION] = dot / (length * row.last_length)
        signal[ALIGNMENT] = abs(signal[DIRECTION])
    row.last_length = length


@compiled
def link(row: Any, parent: int, rows: Rows, i: int, signal: Array) -> Scalar:
    """Join the chain of the near copy's parent, or open one with the parent as its root."""
    signal[FLIP] = row.label[parent] != rows.label[i]
    row.children[parent] = min(row.children[parent] + 1, 60_000)
    signal[BRANCHING] = log2(np.float32(1) + np.float32(row.children[parent]))
    back = (np.int64(row.distinct) - 1 - parent) % RING + 1
    signal[LOOK_BACK] = log2(np.float32(1 + back))
    chain = row.chain[parent]
    if chain == 0 or row.chain_id[chain % np.uint32(CHAINS)] != chain:
        row.chains += np.uint32(1)
        chain = row.chains
        c = chain % np.uint32(CHAINS)
        row.chain[parent] = chain
        row.chain_id[c] = chain
        row.root[c] = row.label[parent]
        row.length[c] = 0
    grow(row, chain % np.uint32(CHAINS), rows, i, signal)
    return chain


@compiled
def grow(row: Any, c: Scalar, rows: Rows, i: int, signal: Array) -> None:
    """Add a member to a chain; note whether its margin of the root's answer is a record.

    Without trend the m-th member is a record with probability 1/m (Renyi 1962), which is taken off.
    """
    row.length[c] += np.uint32(1)
    m = np.float32(row.length[c])
    signal[CHAIN_LENGTH] = log2(np.float32(1) + m)
    margin = root_margin(rows, i, row.root[c])
    if np.isnan(margin):
        return
    signal[NEAR_BOUNDARY] = abs(margin) < np.float32(0.5)
    if m > 1:
        signal[RECORD_LOW] = np.float32(margin < row.lowest[c]) - np.float32(1) / m
        signal[RECORD_HIGH] = np.float32(margin > row.highest[c]) - np.float32(1) / m
    if m == 1 or margin < row.lowest[c]:
        row.lowest[c] = margin
    if m == 1 or margin > row.highest[c]:
        row.highest[c] = margin


@compiled
def root_margin(rows: Rows, i: int, root: Scalar) -> Scalar:
    """Log p of the root's class less that of the most probable other one."""
    if root == rows.label[i] or np.isnan(rows.margin[i]):
        return rows.margin[i]
    if root >= rows.probabilities.shape[1] or rows.probabilities.shape[1] == 1:
        return -rows.margin[i]
    floor = np.float32(FLOOR)
    top = max(rows.probabilities[i, rows.label[i]], floor)
    return np.log(max(rows.probabilities[i, root], floor)) - np.log(top)


@compiled
def remember(row: Any, rows: Rows, i: int, chain: Scalar) -> None:
    """Put an input into the ring in place of the oldest."""
    at = row.distinct % np.uint32(RING)
    for c in range(SKETCH):
        row.u[at, c] = rows.u[i, c]
        row.last_u[c] = rows.u[i, c]
    row.hash[at] = rows.hash[i]
    row.rare[at, 0] = rows.rare[i, 0]
    row.rare[at, 1] = rows.rare[i, 1]
    row.label[at] = rows.label[i]
    row.chain[at] = chain
    row.children[at] = 0
    row.distinct += np.uint32(1)


@compiled
def take_content(row: Any, phi: Array) -> None:
    """Mean of the Fourier features of new content, over about 128 inputs."""
    row.contents = min(row.contents + np.float32(1), np.float32(1e6))
    rate = np.float32(1) / min(row.contents + np.float32(CONTENT_WEIGHT), np.float32(MEMORY))
    for c in range(len(phi)):
        row.phi[c] += (phi[c] - row.phi[c]) * rate


@compiled
def average(row: Any, signal: Array) -> None:
    """Move the two means of every signal that applies; they start at the prior and its weight in records."""
    for k in range(WIDTH):
        if not np.isnan(signal[k]):
            row.applied[k] += np.float32(1)
            count = row.applied[k]
            row.short[k] += (signal[k] - row.short[k]) / min(count + np.float32(SHORT_WEIGHT), np.float32(SHORT))
            row.long[k] += (signal[k] - row.long[k]) / min(count + np.float32(LONG_WEIGHT), np.float32(LONG))


@compiled
def look_at_whole(row: Any, group: Scalar, habits: Habits, out: Array) -> None:
    """The eight statistics that are not means of a signal."""
    weight = min(row.contents + np.float32(CONTENT_WEIGHT), np.float32(MEMORY))
    out[0] = log2(max(squared_length(row.phi) * weight / habits.spread[0], np.float32(0.01)))
    out[1], out[2] = look_at_mix(row, group, habits)
    out[3] = row.short[MARGIN_RANK] ** 2 + row.short[MARGIN_EXTREMES] ** 2
    out[4] = log2(np.float32(1) + np.float32(row.session))
    out[5] = log2(np.float32(1) + row.burst)
    out[6] = log2((np.float32(1) + row.burst) / (np.float32(1) + row.day / np.float32(DAY / BURST)))
    out[7] = log2(np.float32(1) + row.fresh)


@compiled
def squared_length(phi: Array) -> Scalar:
    """Squared length, summed in whole numbers so that the order of the sum cannot matter."""
    total = np.int64(0)
    for c in range(len(phi)):
        units = np.int64(np.rint(phi[c] * np.float32(FIXED)))
        total += units * units
    return np.float32(total) * np.float32(1 / FIXED**2)


@compiled
def look_at_mix(row: Any, group: Scalar, habits: Habits) -> tuple[Scalar, Scalar]:
    """Entropy of the mix of answers, 1 if even, and its divergence from the usual mix in nats."""
    groups = len(habits.mix)
    rate = np.float32(1) / min(np.float32(row.n) + np.float32(CONTENT_WEIGHT), np.float32(MEMORY))
    entropy = np.float32(0)
    divergence = np.float32(0)
    for k in range(groups):
        row.mix[k] += (np.float32(k == group) - row.mix[k]) * rate
        share = max(row.mix[k], np.float32(1e-6))
        log_share = np.log(share)
        entropy -= share * log_share
        divergence += share * (log_share - habits.log_mix[k])
    return entropy / np.log(np.float32(max(groups, 2))), divergence
