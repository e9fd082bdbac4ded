#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Checks the layers: what may include what, and who may know the platform.

A file may include files of its own unit and of lower layers. Two units of one
layer are siblings and never include each other. Up to layer 3 nothing but the
standard library is included from outside. The operating system is told apart
in src/port and detail/attributes.h only.

Prints file:line of every violation and returns non-zero if there is one.
"""

import argparse
import os
import re
import sys
from fnmatch import fnmatch
from pathlib import Path

PUBLIC = "include/bitcoinleveldb"

# Pattern, layer, unit. The first pattern that matches counts; "*" also matches
# "/". A unit of None is named after the file without its extension, and one
# of "/" after the second part of the path.
LAYERS = [
    (f"{PUBLIC}/detail/attributes.h", 0, "foundation"),
    (f"{PUBLIC}/detail/failure.h", 0, "foundation"),
    (f"{PUBLIC}/detail/log_line.h", 0, "foundation"),
    (f"{PUBLIC}/detail/placement.h", 0, "foundation"),
    (f"{PUBLIC}/lcg_random.h", 0, "foundation"),
    (f"{PUBLIC}/log.h", 0, "foundation"),
    (f"{PUBLIC}/version.h", 0, "foundation"),
    ("src/failure.cc", 0, "foundation"),
    ("src/port/*", 0, "port"),
    ("src/immortal.h", 0, "foundation"),
    ("src/linked_list.h", 0, "foundation"),
    ("src/whole_number.h", 0, "foundation"),
    ("src/without_throwing.h", 0, "foundation"),
    # Above port, because no fork may fall into a logger's call.
    ("src/log.cc", 1, "log"),
    ("src/log_fork.h", 1, "log"),
    ("src/heap_source.*", 1, "source"),
    ("src/mapped_ranges.*", 1, "source"),
    ("src/depot_list.*", 1, "source"),
    (f"{PUBLIC}/process_memory.h", 1, "source"),
    ("src/process_memory.cc", 1, "source"),
    (f"{PUBLIC}/page_source.h", 1, "source"),
    ("src/page_source.*", 1, "source"),
    ("src/source_memory.h", 1, "source"),
    (f"{PUBLIC}/block_depot.h", 1, "source"),
    (f"{PUBLIC}/huge_page_source.h", 1, "source"),
    (f"{PUBLIC}/memory_budget.h", 1, "source"),
    ("src/block_depot.cc", 1, "source"),
    ("src/default_source.*", 1, "source"),
    ("src/huge_page_source.cc", 1, "source"),
    ("src/memory_budget.cc", 1, "source"),
    (f"{PUBLIC}/arena.h", 2, "arena"),
    (f"{PUBLIC}/arena_observer.h", 2, "arena"),
    (f"{PUBLIC}/arena_options.h", 2, "arena"),
    (f"{PUBLIC}/memory_checks.h", 2, "arena"),
    (f"{PUBLIC}/detail/arena_insider.h", 2, "arena"),
    ("src/arena.cc", 2, "arena"),
    ("src/arena_insider.cc", 2, "arena"),
    ("src/arena_observer.cc", 2, "arena"),
    ("src/arena_options.cc", 2, "arena"),
    ("src/checks_door.*", 2, "arena"),
    ("src/default_observers.h", 2, "arena"),
    ("src/memory_checks.cc", 2, "arena"),
    ("src/observer_door.*", 2, "arena"),
    ("src/owner_flag.*", 2, "arena"),
    ("src/options_check.h", 2, "arena"),
    ("src/sample_points.*", 2, "arena"),
    ("src/slab_reserve.cc", 2, "arena"),
    ("src/slabs.*", 2, "arena"),
    (f"{PUBLIC}/arena_allocator.h", 3, None),
    (f"{PUBLIC}/arena_blocks.h", 3, None),
    (f"{PUBLIC}/arena_cursor.h", 3, None),
    (f"{PUBLIC}/arena_objects.h", 3, None),
    (f"{PUBLIC}/arena_resize.h", 3, None),
    ("src/arena_objects.cc", 3, None),
    (f"{PUBLIC}/arena_scope.h", 3, None),
    (f"{PUBLIC}/arena_forecast.h", 3, None),
    (f"{PUBLIC}/arena_guard.h", 3, "guard"),
    (f"{PUBLIC}/arena_seal.h", 3, "guard"),
    ("src/arena_guard.cc", 3, "guard"),
    ("src/arena_seal.cc", 3, "guard"),
    ("src/guard_*", 3, "guard"),
    (f"{PUBLIC}/arena_name.h", 3, None),
    (f"{PUBLIC}/arena_profile.h", 3, "profile"),
    ("src/arena_profile.cc", 3, "profile"),
    ("src/pprof_writer.*", 3, "profile"),
    ("src/profile_environment.cc", 3, "profile"),
    ("src/profile_live.*", 3, "profile"),
    ("src/profile_stacks.*", 3, "profile"),
    ("src/profile_trace.h", 3, "profile"),
    ("src/protobuf_writer.h", 3, "profile"),
    (f"{PUBLIC}/arena_stats.h", 3, None),
    ("src/arena_forecast.cc", 3, None),
    ("src/arena_name.cc", 3, None),
    ("src/arena_stats.cc", 3, None),
    (f"{PUBLIC}/owner_check.h", 3, None),
    ("src/owner_check.cc", 3, None),
    (f"{PUBLIC}/stream_logger.h", 3, None),
    ("src/stream_logger.cc", 3, None),
    ("src/log_observer.cc", 3, None),
    (f"{PUBLIC}/arena_resource.h", 3, None),
    ("src/arena_resource.cc", 3, None),
    ("src/crc32c.h", 0, "foundation"),
    (f"{PUBLIC}/trace_replay.h", 4, "harness"),
    ("src/of_one_process.h", 0, "port"),
    (f"{PUBLIC}/trace*.h", 3, "trace"),
    ("src/trace_*", 3, "trace"),
    (f"{PUBLIC}/arena_like.h", 4, "harness"),
    (f"{PUBLIC}/arena_test.h", 4, "harness"),
    (f"{PUBLIC}/decoded_trace.h", 4, "harness"),
    (f"{PUBLIC}/workload.h", 4, "harness"),
    ("src/harness/*", 4, "harness"),
    ("tests/oracle/*", 4, "oracle"),
    # The one piece of a tool that runs on a drop-in.
    ("tools/arenatest/live/which_arena_dropin.cc", 6, "leveldb"),
    ("tools/*", 5, "/"),
    ("integrations/*", 6, "/"),
]

# Whatever lies here must have a layer; other folders may include anything.
LAYERED = ("include", "src", "tools", "integrations")
OTHERS = ("tests", "examples", "bench", "fuzz")

STANDARD_ONLY_UP_TO = 3
INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
PLATFORM = re.compile(r"\b(_WIN32|__linux__|__APPLE__)\b")
PLATFORM_ALLOWED = ("src/port/*", f"{PUBLIC}/detail/attributes.h")


def place(path):
    """Returns (layer, unit) of a file, or None if the table has no row."""
    for pattern, layer, unit in LAYERS:
        if fnmatch(path, pattern):
            if unit is None:
                unit = Path(path).stem
            elif unit == "/":
                unit = Path(path).parts[1]
            return layer, unit
    return None


def sources(root):
    """Yields the paths of all C++ files below `root`, relative to it."""
    for folder in LAYERED + OTHERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cc", ".in") and path.is_file():
                yield path.relative_to(root).as_posix()


def resolve(root, includer, name):
    """Returns which file of the project a quoted include means, or None."""
    folders = [Path(includer).parent]
    folders += [Path("include"), Path("src"), Path("tests")]
    for include in root.glob("integrations/*/include"):
        folders.append(include.relative_to(root))
    for folder in folders:
        if (root / folder / name).is_file():
            return Path(os.path.normpath(folder / name)).as_posix()
    return None


def check_include(root, path, quoted, angled):
    """Returns what is wrong with one include of a layered file, or None."""
    layer, unit = place(path)
    target = resolve(root, path, quoted or angled)
    if target is None:
        standard = angled and "." not in angled and "/" not in angled
        port = fnmatch(path, "src/port/*")
        if layer <= STANDARD_ONLY_UP_TO and not standard and not port:
            return (
                f"layer {layer} includes {quoted or angled}, which is neither "
                "of the project nor of the C++ standard library"
            )
        return None
    found = place(target)
    if found is None:
        return f"includes {target}, which lies outside the layers"
    if found[0] > layer:
        return f"layer {layer} includes {target} of layer {found[0]}"
    if found[0] == layer and found[1] != unit:
        return f"includes {target}, a sibling in layer {layer}"
    return None


def check_file(root, path):
    """Yields (line, message) for each violation in one file."""
    layered = path.startswith(tuple(f"{f}/" for f in LAYERED))
    if layered and place(path) is None:
        yield 1, "has no layer: add a row to the table of check_layers.py"
        return
    may_know_platform = any(fnmatch(path, p) for p in PLATFORM_ALLOWED)
    text = (root / path).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        platform = PLATFORM.search(line)
        if platform and not may_know_platform:
            yield number, f"{platform.group()} outside src/port"
        include = INCLUDE.match(line)
        if include and layered:
            problem = check_include(root, path, *include.groups())
            if problem:
                yield number, problem


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(__file__).resolve().parent.parent,
        help="the project's folder (default: that of this script)",
    )
    root = parser.parse_args().root.resolve()
    files = 0
    violations = 0
    for path in sources(root):
        files += 1
        for line, message in check_file(root, path):
            violations += 1
            print(f"{path}:{line}: {message}")
    if files == 0:
        print(f"{root}: no C++ files found")
        return 1
    print(f"layers: {files} files, {violations} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
