"""A disk that remembers every write and every flush, so that any cut of its power can be replayed.

One file on a file system of our own (FUSE, protocol 7.31), under a loop device, under ext4. The kernel sends
each write and flush of the loop device to `serve`, which keeps them in order. Needs Linux, root, /dev/fuse.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SIZE_BYTES = 32 << 20
SECTOR_BYTES = 512  # what a disk writes whole, or not at all
FLUSH = -1  # in the place of an offset
LOOKUP, GETATTR, SETATTR, OPEN, READ, WRITE, STATFS, RELEASE = 1, 3, 4, 14, 15, 16, 17, 18
FSYNC, CLOSE, INIT, FALLOCATE, FORGET, INTERRUPT, FORGET_MANY, DESTROY = 20, 25, 26, 43, 2, 36, 42, 38
SILENT = (FORGET, INTERRUPT, FORGET_MANY, DESTROY)
NAME, ROOT, FILE = b"disk", 1, 2
MOST_WRITE_BYTES = 128 << 10
Remember = Callable[[int, bytes], None]  # offset, data


def attributes(node: int) -> bytes:
    """A ``fuse_attr``: the folder, or the one file in it."""
    mode, size = (0o040755, 0) if node == ROOT else (0o100600, SIZE_BYTES)
    return struct.pack("<6Q10I", node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def serve(place: Path, record: Path, seen: mmap.mmap) -> None:
    """Mount at `place` and answer until unmounted; each event goes to `record`, their number to `seen`."""
    channel = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={channel},rootmode=40000,user_id=0,group_id=0".encode()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"recorded", os.fsencode(place), b"fuse", ctypes.c_ulong(6), options):
        raise OSError(ctypes.get_errno(), "mount")
    disk, count = bytearray(SIZE_BYTES), 0
    with record.open("wb") as out:

        def remember(offset: int, data: bytes) -> None:
            nonlocal count
            out.write(struct.pack("<qI", offset, len(data)) + data)
            out.flush()
            count += 1
            seen[:8] = struct.pack("<Q", count)

        while True:
            try:
                asked = os.read(channel, MOST_WRITE_BYTES + 8192)
            except OSError as error:
                if error.errno == errno.ENODEV:  # unmounted
                    return
                if error.errno in (errno.EINTR, errno.ENOENT, errno.EAGAIN):
                    continue
                raise
            _, call, ticket, node = struct.unpack_from("<IIQQ", asked)
            if call in SILENT:
                continue
            fault, said = answer(call, node, asked[40:], disk, remember)
            os.write(channel, struct.pack("<IiQ", 16 + len(said), -fault, ticket) + said)


def answer(call: int, node: int, body: bytes, disk: bytearray, remember: Remember) -> tuple[int, bytes]:
    """The reply to one request: an error number and what follows."""
    if call == INIT:
        return 0, struct.pack(
            "<4IHHIIHHI7I", 7, 31, 0, 1 << 5, 16, 12, MOST_WRITE_BYTES, 1, 0, 0, 0, *[0] * 7
        )
    if call == LOOKUP:
        if node != ROOT or body.rstrip(b"\0") != NAME:
            return errno.ENOENT, b""
        return 0, struct.pack("<4Q2I", FILE, 1, 3600, 3600, 0, 0) + attributes(FILE)
    if call in (GETATTR, SETATTR):
        return 0, struct.pack("<QII", 3600, 0, 0) + attributes(node)
    if call == OPEN:
        return 0, struct.pack("<QII", 1, 0, 0)
    if call in (READ, WRITE):
        _, offset, size = struct.unpack_from("<QQI", body)
        if call == READ:
            return 0, bytes(disk[offset : offset + size])
        disk[offset : offset + size] = body[40 : 40 + size]
        remember(offset, body[40 : 40 + size])
        return 0, struct.pack("<II", size, 0)
    if call == FSYNC:
        remember(FLUSH, b"")
        return 0, b""
    if call == STATFS:
        return 0, struct.pack("<5Q4I6I", 0, 0, 0, 0, 0, 4096, 255, 4096, 0, *[0] * 6)
    if call in (CLOSE, RELEASE):
        return 0, b""
    return (errno.EOPNOTSUPP if call == FALLOCATE else errno.ENOSYS), b""


@dataclass(frozen=True, slots=True)
class Event:
    """A write, or a flush (its offset is `FLUSH`)."""

    offset: int
    data: bytes


def events(record: Path) -> Iterator[Event]:
    """What the disk was told, in order."""
    with record.open("rb") as file:
        while head := file.read(12):
            offset, size = struct.unpack("<qI", head)
            yield Event(offset, file.read(size))


class Replay:
    """The disk after a power cut behind its first `cut` events; ask for rising cuts."""

    def __init__(self, record: Path) -> None:
        self.events = list(events(record))
        self.safe, self.flushed = bytearray(SIZE_BYTES), 0

    def after(self, cut: int, kept: random.Random | None) -> bytearray:
        """All that was flushed; of what came later nothing, or a random half of its sectors."""
        flushes = [i for i in range(self.flushed, cut) if self.events[i].offset == FLUSH]
        for event in self.events[self.flushed : flushes[-1] if flushes else self.flushed]:
            if event.offset != FLUSH:
                self.safe[event.offset : event.offset + len(event.data)] = event.data
        self.flushed = flushes[-1] if flushes else self.flushed
        disk = bytearray(self.safe)
        if kept is None:
            return disk
        for event in self.events[self.flushed : cut]:
            for at in range(0, len(event.data), SECTOR_BYTES):
                if event.offset != FLUSH and kept.random() < 0.5:
                    piece = event.data[at : at + SECTOR_BYTES]
                    disk[event.offset + at : event.offset + at + len(piece)] = piece
        return disk
