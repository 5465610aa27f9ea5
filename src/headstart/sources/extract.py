"""One pass over the examples reads every tap of every network that is asked for.

Examples are decoded once, by threads ahead of the networks; what the cache knows is not computed again;
memory stays flat because only a few chunks are in flight.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core import places
from headstart.core.kinds import Modality
from headstart.core.task import Inputs
from headstart.core.watch import Silent, Watch
from headstart.sources import pace
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.precision import FLOAT32, Precision
from headstart.sources.reading import Reading
from headstart.sources.segments import keys_of
from headstart.sources.sheets import Sheet
from headstart.sources.threads import physical_cores, torch_threads

BATCH = {Modality.IMAGE: 32, Modality.TEXT: 64}
CHUNK_ROWS = 256  # decoded at a time: 256 pictures of 224 px are 38 MB per reading
AHEAD = 2  # chunks being decoded while one is read
KEEP_ROWS = 2048  # rows per file of the cache, at most

Features = Mapping[str, NDArray[np.float32]]


def extract(
    network: Any,
    inputs: Inputs,
    *,
    size: int,
    cache: FeatureCache | None = None,
    rows: Sequence[int] | None = None,
    flip: bool = False,
    precision: Precision = FLOAT32,
    threads: int = 0,
    watch: Watch | None = None,
    batch_size: int | None = None,
) -> Features:
    """Pooled features of every tap of one network: tap name -> [n, width] float32, in the order of `rows`.

    Large results are memory-mapped and read-only. `cache` None: nothing is looked up or kept.
    """
    reading = Reading(network, size, flip, precision)
    return extract_all(
        [reading], inputs, cache=cache, rows=rows, threads=threads, watch=watch, batch_size=batch_size
    )[0]


def extract_all(
    readings: Sequence[Reading],
    inputs: Inputs,
    *,
    cache: FeatureCache | None = None,
    rows: Sequence[int] | None = None,
    threads: int = 0,
    watch: Watch | None = None,
    batch_size: int | None = None,
) -> list[Features]:
    """As `extract`, for several readings of the same inputs: each example is decoded once for all of them.

    When `watch` asks to stop, the rows not yet read stay zero in the result.
    """
    wanted = np.arange(len(inputs)) if rows is None else np.asarray(rows, dtype=np.int64)
    watch = watch or Silent()
    keys = keys_of([inputs.hashes[row] for row in wanted])
    tables = [Table(reading, keys, cache) for reading in readings]
    todo = in_reading_order(
        inputs, wanted, np.flatnonzero(np.any([table.missing for table in tables], axis=0))
    )
    workers = threads or physical_cores()
    with ThreadPoolExecutor(workers) as pool, torch_threads(threads):
        for places_, examples in decoded(inputs, wanted, todo, tables, pool):
            if watch.stop_requested:
                pool.shutdown(cancel_futures=True)
                break
            for number, table in enumerate(tables):
                table.read(places_, [example[number] for example in examples], batch_size)
            watch.advance(len(places_))
    for table in tables:
        table.keep()
        if cache is not None:  # a look; a model that answers leaves nothing on the machine
            table.tell_pace(threads)
    if cache is not None and len(todo):
        cache.tidy()
    return [table.reading.split(table.sheet.array()) for table in tables]


class Table:
    """The rows of one reading: which are known, which are still missing."""

    def __init__(self, reading: Reading, keys: NDArray[np.bytes_], cache: FeatureCache | None) -> None:
        self.reading, self.keys = reading, keys
        self.sheet = Sheet(len(keys), reading.width, places.cache() / "sheets")
        self.shelf = cache.shelf(reading.facts, reading.width) if cache else None
        self.missing = ~self.shelf.fill(keys, self.sheet) if self.shelf else np.ones(len(keys), dtype=bool)
        self.fresh: list[tuple[NDArray[np.int64], NDArray[np.float32]]] = []
        self.seconds, self.rows, self.filled = 0.0, 0, 0.0  # read here; `filled`: in examples of full size

    def read(self, at: NDArray[np.int64], prepared: Sequence[Any], batch_size: int | None) -> None:
        """Read the missing ones among rows `at` of the sheet; `prepared` holds None for the others."""
        began_s = time.perf_counter()
        needed = np.flatnonzero(self.missing[at])
        items = [prepared[row] for row in needed.tolist()]
        network, size = self.reading.network, self.reading.size
        lengths = np.array([network.padded(item, size) for item in items], dtype=np.int64)
        with self.reading.precision.running(network):
            for batch in batches(lengths, batch_size or BATCH.get(network.card.modality, 32)):
                features = self.reading.run([items[row] for row in batch.tolist()])
                self.sheet[at[needed[batch]]] = features
                self.fresh.append((at[needed[batch]], features))
        self.seconds += time.perf_counter() - began_s
        self.rows += len(items)
        self.filled += float(lengths.sum()) / size
        if sum(len(rows) for rows, _ in self.fresh) >= KEEP_ROWS:
            self.keep()

    def tell_pace(self, threads: int) -> None:
        """Keep how long a full example took here, where enough were read to say."""
        if self.rows >= pace.LEAST_ROWS:
            card, device = self.reading.network.card, self.reading.precision.device
            pace.observe(card, self.reading.size, self.seconds / self.filled, device=device, threads=threads)

    def keep(self) -> None:
        """Hand what was computed to the cache."""
        if self.fresh and self.shelf:
            rows = np.concatenate([rows for rows, _ in self.fresh])
            self.shelf.add(self.keys[rows], np.concatenate([features for _, features in self.fresh]))
        self.fresh = []


def batches(lengths: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    """Index sets of at most `size`; examples of one padded length together."""
    for length in np.unique(lengths):
        same = np.flatnonzero(lengths == length)
        for start in range(0, len(same), size):
            yield same[start : start + size]


def in_reading_order(inputs: Inputs, wanted: NDArray[np.int64], todo: NDArray[np.int64]) -> NDArray[np.int64]:
    """Texts by length, so that a chunk fills batches of one padded length; other inputs as they come."""
    if inputs.modality is not Modality.TEXT or len(todo) <= CHUNK_ROWS:
        return todo
    return todo[np.argsort([len(inputs.read(int(wanted[place]))) for place in todo], kind="stable")]


def decoded(
    inputs: Inputs,
    wanted: NDArray[np.int64],
    todo: NDArray[np.int64],
    tables: Sequence[Table],
    pool: ThreadPoolExecutor,
) -> Iterator[tuple[NDArray[np.int64], list[list[Any]]]]:
    """(rows of the sheet, prepared examples) chunk by chunk; AHEAD chunks are decoded while one is used.

    A prepared example is a list with one item per reading, None where that reading knows it already.
    """

    def prepare(place: int) -> list[Any]:
        example = inputs.read(int(wanted[place]))
        return prepared_for(example, place, tables)

    starts = iter(range(0, len(todo), CHUNK_ROWS))
    waiting: list[tuple[NDArray[np.int64], list[Future[list[Any]]]]] = []

    def begin(count: int) -> None:
        for start in itertools.islice(starts, count):
            chunk = todo[start : start + CHUNK_ROWS]
            waiting.append((chunk, [pool.submit(prepare, int(place)) for place in chunk]))

    begin(1 + AHEAD)
    while waiting:
        chunk, futures = waiting.pop(0)
        examples = [future.result() for future in futures]
        begin(1)
        yield chunk, examples


def prepared_for(example: Any, place: int, tables: Sequence[Table]) -> list[Any]:
    """The example prepared for every reading that misses it; equal preparations are shared."""
    shared: dict[Any, Any] = {}
    items: list[Any] = []
    for table in tables:
        reading = table.reading
        if not table.missing[place]:
            items.append(None)
            continue
        key = reading.network.preparation(reading.size)
        if key not in shared:
            shared[key] = reading.network.prepare(example, reading.size)
        items.append(shared[key])
    return items
