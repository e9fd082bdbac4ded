#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Checks that public headers compile alone and preprocess alike.

Headers of layers 0 to 3 must compile on their own as C++17, and as C++20 without
exceptions and RTTI, and those of the harness as C++20, all with warnings as
errors; the library is built in the two other ways. What the preprocessor makes of the first must not depend
on NDEBUG, exceptions, RTTI, optimization or sanitizers: programs compiled with
different flags share one arena.

Prints every failure and returns non-zero if there is one.
"""

import argparse
import itertools
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import compilers

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "bitcoinleveldb"

HARNESS = {"arena_like.h", "arena_test.h", "decoded_trace.h",
           "trace_replay.h", "workload.h"}

WARNINGS = (
    "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror"
).split()

CLIENTS = [
    ["-std=c++17"],
    ["-std=c++20", "-fno-exceptions", "-fno-rtti"],
]

VARIANTS = [
    ["-DNDEBUG"],
    ["-O2"],
    ["-fno-exceptions"],
    ["-fno-rtti"],
    ["-fsanitize=address"],
    ["-fsanitize=thread"],
]


def headers(include):
    """Returns the public headers as they are included, in two lists."""
    names = sorted(
        path.relative_to(include).as_posix()
        for path in (include / FOLDER).rglob("*.h")
    )
    harness = [name for name in names if Path(name).name in HARNESS]
    return [name for name in names if name not in harness], harness


def run(compiler, include, flags, text):
    """Compiles `text`; returns the completed process."""
    command = [compiler.path, *flags, f"-I{include}", "-x", "c++", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True)


def compile_alone(compiler, include, header, flags):
    """Returns what is wrong, or None. Twice, so that the guard is used."""
    text = f'#include "{header}"\n' * 2
    done = run(compiler, include, [*flags, *WARNINGS, "-fsyntax-only"], text)
    if done.returncode == 0:
        return None
    return f"{header} with {compiler.name} {' '.join(flags)}:\n{done.stderr}"


def compilations(include):
    """Yields (header, flags) for everything that must compile."""
    core, harness = headers(include)
    yield from itertools.product(core, CLIENTS)
    for header in harness:
        yield header, ["-std=c++20"]


MARKER = re.compile(r'# \d+ "([^"]*)"')


def own_lines(text, include):
    """Returns the preprocessed lines that come from our own headers."""
    lines = []
    own = False
    for line in text.splitlines():
        marker = MARKER.match(line)
        if marker:
            own = marker.group(1).startswith(str(include))
        elif own and line.strip():
            lines.append(line)
    return lines


def preprocess(compiler, include, flags):
    core, _ = headers(include)
    text = "".join(f'#include "{header}"\n' for header in core)
    done = run(compiler, include, ["-std=c++17", "-E", *flags], text)
    done.check_returncode()
    return own_lines(done.stdout, include)


def differences(compiler, include):
    """Yields what the flags change in what our headers preprocess to."""
    plain = preprocess(compiler, include, [])
    if not plain:
        yield f"{compiler.name}: the headers preprocess to nothing"
    for flags in VARIANTS:
        other = preprocess(compiler, include, flags)
        changed = [a for a, b in zip(plain, other) if a != b]
        if plain != other:
            first = changed[0].strip() if changed else "the end"
            yield (
                f"{compiler.name}: {' '.join(flags)} changes what the headers "
                f"preprocess to, from: {first}"
            )


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--include", type=Path, default=ROOT / "include")
    parser.add_argument(
        "--compiler", action="append", default=[], help="default: g++, clang++"
    )
    return parser.parse_args()


def main():
    options = parse_arguments()
    include = options.include.resolve()
    found = compilers.installed(options.compiler)
    if not found:
        print("no compiler found: install g++ or clang++")
        return 1
    problems = []
    done = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for compiler in found:
            results = list(
                pool.map(
                    lambda job: compile_alone(compiler, include, *job),
                    compilations(include),
                )
            )
            done += len(results)
            problems += [result for result in results if result]
            problems += differences(compiler, include)
    for problem in problems:
        print(problem)
    names = ", ".join(compiler.name for compiler in found)
    print(f"headers: {done} compiled with {names}, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
