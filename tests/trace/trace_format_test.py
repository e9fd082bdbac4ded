# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Reads traces with a reader that was made from docs/trace_format.md alone.

It shares nothing with the library, so an error that its writer and its reader
have in common comes to light, and so does anything that the page leaves out.
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TRACE_LISTING = sys.argv[1:]
del sys.argv[1:]

MAGIC = bytes.fromhex("89424c41540d0a1a")
NAMES = {1: "allocated", 2: "resized", 3: "scope_begun", 4: "scope_rewound",
         5: "scope_ended", 6: "reset", 7: "out_of_memory", 8: "arena_ended",
         9: "arena_made", 13: "out_of_memory"}


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Bytes:
    """Takes bytes off the front."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        taken = self.data[self.at:self.at + count]
        assert len(taken) == count, "cut off"
        self.at += count
        return taken

    def fixed(self, count):
        return int.from_bytes(self.take(count), "little")

    def number(self):
        value = shift = 0
        while True:
            byte = self.fixed(1)
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def left(self):
        return len(self.data) - self.at


def records(payload, time):
    """Yields the events of one group."""
    arena = thread = 0
    while payload.left():
        code = payload.fixed(1)
        size, alignment, old, keep, partial = 0, 1, 0, 0, 0
        of = None
        name = NAMES.get(code, "allocated")
        if code == 0x0A:
            arena = payload.number()
            continue
        if code == 0x0B:
            thread = payload.number()
            continue
        if code == 0x0C:
            time += payload.number()
            continue
        if 0x10 <= code <= 0x1F:
            payload.take(payload.number())
            continue
        if code in (0x01, 0x07, 0x0D):
            alignment = 1 << payload.fixed(1)
            size = payload.number()
            of = 0 if code == 0x0D else None
        elif code == 0x02:
            old, size = payload.number(), payload.number()
        elif code in (0x04, 0x06):
            keep = payload.number()
        elif code == 0x09:
            arena, size = payload.number(), payload.number()
            partial = payload.fixed(1)
        elif 0x20 <= code <= 0x3F:
            size, alignment = 8 * (code - 0x1F), 8
        elif 0x40 <= code <= 0x7F:
            size = 256 * (code - 0x40) + payload.fixed(1) + 1
        elif 0x80 <= code <= 0xBF:
            size, alignment = 256 * (code - 0x80) + payload.fixed(1) + 1, 8
        else:
            assert code in (0x03, 0x05, 0x08), f"code {code:02x}"
        yield (name, arena if of is None else of, thread, time, size, old,
               keep, alignment, partial)


def events(data):
    trace = Bytes(data)
    header = trace.take(12)
    assert header[:8] == MAGIC
    assert trace.fixed(4) == crc32c(header)
    assert int.from_bytes(header[8:10], "little") == 1
    count = 0
    while True:
        head = Bytes(trace.take(32))
        assert trace.fixed(4) == crc32c(head.data)
        kind = head.take(4)
        size, count_here, crc = head.fixed(4), head.fixed(4), head.fixed(4)
        assert head.fixed(8) == count
        payload = trace.take(size)
        assert crc32c(payload) == crc
        if kind == b"END.":
            assert trace.left() == 0
            return
        found = list(records(Bytes(payload), head.fixed(8)))
        assert len(found) == count_here
        count += count_here
        yield from found


class TraceFormat(unittest.TestCase):

    def test_reader_made_from_the_page_reads_what_was_recorded(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "random.trace"
            listing = subprocess.run([*TRACE_LISTING, str(path)], check=True,
                                     capture_output=True, text=True).stdout
            expected = listing.splitlines()
            found = [" ".join(map(str, event))
                     for event in events(path.read_bytes())]
        self.assertGreater(len(found), 10000)
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
