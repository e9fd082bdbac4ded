# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Static probes as they stand in ELF files: what tools that attach read."""

import struct
from collections import namedtuple

NOTE = ".note.stapsdt"
NOTE_TYPE = 3
PROGRAM_BITS = 1  # the type of sections that have bytes of the program

Probe = namedtuple("Probe", "provider name arguments address")


class Elf:
    """The sections of a 64-bit little-endian ELF file."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        if self.bytes[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path} is no 64-bit little-endian ELF file")
        (start,) = struct.unpack_from("<Q", self.bytes, 0x28)
        size, count, names = struct.unpack_from("<HHH", self.bytes, 0x3A)
        self.headers = [
            struct.unpack_from("<IIQQQQ", self.bytes, start + size * i)
            for i in range(count)
        ]
        self.names = self.headers[names][4]

    def name(self, header):
        start = self.names + header[0]
        return self.bytes[start:self.bytes.index(b"\0", start)].decode()

    def section(self, name):
        for header in self.headers:
            if self.name(header) == name:
                return self.bytes[header[4]:header[4] + header[5]]
        return b""

    def byte_at(self, address):
        for _, kind, _, start, offset, size in self.headers:
            if kind == PROGRAM_BITS and 0 < start <= address < start + size:
                return self.bytes[offset + address - start]
        return None


def probes(elf):
    """Yields each probe of the file."""
    notes = elf.section(NOTE)
    at = 0
    while at < len(notes):
        name_size, size, kind = struct.unpack_from("<III", notes, at)
        name = notes[at + 12:at + 12 + name_size]
        if (name, kind) != (b"stapsdt\0", NOTE_TYPE):
            raise ValueError(f"a note of another kind: {name}, {kind}")
        body = at + 12 + (name_size + 3) // 4 * 4
        (address,) = struct.unpack_from("<Q", notes, body)
        texts = notes[body + 24:body + size].split(b"\0")
        yield Probe(*(text.decode() for text in texts[:3]), address)
        at = body + (size + 3) // 4 * 4
