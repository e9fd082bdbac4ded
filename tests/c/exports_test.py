#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Checks that the shared C library exports what its header declares, only.

usage: exports_test.py NM HEADER LIBRARY
       exports_test.py OBJDUMP HEADER LIBRARY.dll
"""

import re
import subprocess
import sys
from pathlib import Path

LINE_COMMENT = re.compile(r"//[^\n]*")
FUNCTION = re.compile(r"\b(bitcoinleveldb_(?:arena|lcg)_\w+)\s*\(")
NUMBERED = re.compile(
    r"^\t\[ *\d+\] (?:\+base\[ *\d+\] +\d+ )?(\S+)$", re.MULTILINE)


def declared(header):
    """Returns the names of the functions that the header declares."""
    text = LINE_COMMENT.sub("", Path(header).read_text(encoding="utf-8"))
    return set(FUNCTION.findall(text))


def output(*command):
    return subprocess.run(
        command, check=True, capture_output=True, text=True).stdout


def exported(tool, library):
    """Returns the names of the dynamic symbols that the library defines."""
    if library.endswith(".dll"):
        names = output(tool, "-p", library).partition("Name Pointer] Table")[2]
        return set(NUMBERED.findall(names))
    symbols = output(tool, "-D", "--defined-only", library)
    return {line.split()[-1] for line in symbols.splitlines()}


def main():
    tool, header, library = sys.argv[1:]
    wanted, found = declared(header), exported(tool, library)
    for name in sorted(wanted - found):
        print(f"declared and not exported: {name}")
    for name in sorted(found - wanted):
        print(f"exported and not declared: {name}")
    print(f"{len(found)} symbols exported, {len(wanted)} functions declared")
    return 0 if wanted and wanted == found else 1


if __name__ == "__main__":
    sys.exit(main())
