#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Checks the documents against the tree.

- Relative links lead to files that exist.
- A code block behind `<!-- from FILE -->` stands in FILE, line by line.
- A test named in a table, as `Suite.Name`, exists.
- Each row of a table that has a column "tests" names one.

Prints file:line for each violation and exits with 1 if there is any.
"""

import pathlib
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)]*)?\)")
FROM = re.compile(r"<!-- from (\S+) -->")
TEST_NAME = re.compile(
    r"`((?:[A-Z]\w+|scripts|example|arenatest)(?:/\w+)?\.\w+"
    r"|\w+_test\.test_\w+)`")
TEST = re.compile(r"TEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\)")
CTEST = re.compile(r"add_test\(\s*NAME\s+(\S+)")
EXAMPLE = re.compile(r"add_example\(\s*(\w+)")
METHOD = re.compile(r"def (test_\w+)\(")


def documents(root):
    for path in sorted(root.rglob("*.md")):
        if "build" not in path.relative_to(root).parts:
            yield path


def tests_of(root):
    names = set()
    for path in root.joinpath("tests").rglob("*.cc"):
        for suite, name in TEST.findall(path.read_text()):
            names.add(f"{suite}.{name}")
    for path in root.rglob("CMakeLists.txt"):
        if "build" not in path.relative_to(root).parts:
            text = path.read_text()
            names.update(CTEST.findall(text))
            names.update(f"example.{name}" for name in EXAMPLE.findall(text))
    for path in root.joinpath("tests").rglob("*.py"):
        for name in METHOD.findall(path.read_text()):
            names.add(f"{path.stem}.{name}")
    return names


def check_links(path, lines):
    for number, line in enumerate(lines, 1):
        for target, _ in LINK.findall(line):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (path.parent / target).exists():
                yield number, f"no such file: {target}"


def check_quotes(root, lines):
    for number, line in enumerate(lines, 1):
        match = FROM.search(line)
        if not match:
            continue
        source = root / match.group(1)
        if not source.exists():
            yield number, f"no such file: {match.group(1)}"
            continue
        start = next((i for i in range(number, len(lines))
                      if lines[i].startswith("```")), None)
        if start is None:
            yield number, "no code block follows"
            continue
        block = []
        for quoted in lines[start + 1:]:
            if quoted.startswith("```"):
                break
            block.append(quoted)
        text = "\n".join(block)
        if not text.strip() or text not in source.read_text():
            yield number, f"the block differs from {match.group(1)}"


def check_tests(lines, known):
    for number, line in enumerate(lines, 1):
        if not line.startswith("|"):
            continue
        for name in TEST_NAME.findall(line):
            plain = name.split("/")[-1]
            if plain not in known:
                yield number, f"no such test: {name}"


def check_rows(lines):
    column = None
    for number, line in enumerate(lines, 1):
        if not line.startswith("|"):
            column = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if column is None:
            column = cells.index("tests") if "tests" in cells else -1
        elif column >= 0 and not set(line) <= set("|-: "):
            cell = cells[column] if column < len(cells) else ""
            if not TEST_NAME.search(cell):
                yield number, "the row names no test"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    known = tests_of(root)
    found = 0
    count = 0
    for path in documents(root):
        count += 1
        lines = path.read_text().splitlines()
        for check in (check_links(path, lines), check_quotes(root, lines),
                      check_tests(lines, known), check_rows(lines)):
            for number, message in check:
                print(f"{path.relative_to(root)}:{number}: {message}")
                found += 1
    print(f"{count} documents, {found} violations")
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main())
