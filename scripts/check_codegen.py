#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Checks what compilers make of the arena's fast path.

Compiles one function for each way to allocate, at -O2, disassembles it and
walks from its entry to its return. On the way there must be exactly one
conditional jump, no call, no locked instruction, and no sum with a word of
memory, because processors forward a store to a load alone in less time; the
other side of the jump must end in a *_cold function; and the number of
instructions must be the one recorded for that compiler and architecture,
where there is a record.

A loop through a cursor must have two conditional jumps, the comparison and its
own end, and one store, that of its body: the bump state stays in registers.

Prints a table and returns non-zero if something does not hold.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import compilers

ROOT = Path(__file__).resolve().parent.parent

FUNCTIONS = {
    "allocate_24": "a.allocate(24)",
    "allocate_n": "a.allocate(n)",
    "allocate_aligned_24": "a.allocate_aligned(24)",
    "allocate_aligned_n": "a.allocate_aligned(n)",
    "allocate_aligned_n_16": "a.allocate_aligned(n, 16)",
    "try_allocate_24": "a.try_allocate(24)",
    "try_allocate_n": "a.try_allocate(n)",
    "try_allocate_aligned_n": "a.try_allocate_aligned(n)",
}

# What a loop asks of a cursor for each size in [n, end).
LOOPS = {
    "cursor_loop_n": "cursor.allocate(*n)",
    "cursor_loop_aligned_n": "cursor.allocate_aligned(*n)",
}


@dataclass(frozen=True)
class Architecture:
    """How the instructions of one architecture are told apart."""

    flags: tuple  # turn off what distributions add to every function
    conditional: str
    jump: str
    call: str
    ret: str
    locked: str  # matched against mnemonic and operands, as are the next two
    store: str
    folded: str  # a sum with a word of memory


ARCHITECTURES = {
    "x86_64": Architecture(
        flags=("-fcf-protection=none",),
        conditional=r"j(?!mp)\w+",
        jump=r"jmpq?",
        call=r"callq?",
        ret=r"retq?",
        locked=r"(lock|mfence)\b.*|xchg\w* .*\(.*",
        store=r"(?!cmp|test|nop|j)\w+ .*\)",
        folded=r"(add|sub)\w* [^,]*\(.*\),%.*",
    ),
    "aarch64": Architecture(
        flags=("-mbranch-protection=none",),
        conditional=r"b\.\w+|cbn?z|tbn?z",
        jump=r"br?",
        call=r"blr?",
        ret=r"ret",
        locked=r"((ld|st)[al]?x[rp]|ld(add|clr|set|eor)|cas|swp|dmb).*",
        store=r"st\w+ .*",
        folded=r"(?!)",  # there is none
    ),
}


class Violation(Exception):
    """The fast path is not what it must be."""


@dataclass
class Instruction:
    mnemonic: str
    operands: str
    following: tuple  # the place behind it
    symbol: str = ""  # what a relocation makes it refer to

    def __str__(self):
        return f"{self.mnemonic} {self.operands}"


def source_text():
    lines = ['#include "bitcoinleveldb/arena_cursor.h"']
    for name, call in FUNCTIONS.items():
        lines.append(
            f'extern "C" char* {name}(bitcoinleveldb::Arena& a, '
            f"[[maybe_unused]] std::size_t n) {{ return {call}; }}"
        )
    for name, call in LOOPS.items():
        lines.append(
            f'extern "C" void {name}(bitcoinleveldb::Arena& a, '
            "const std::size_t* n, const std::size_t* end) { "
            "bitcoinleveldb::ArenaCursor cursor(a); "
            f"for (; n != end; ++n) *{call} = 1; }}"
        )
    return "\n".join(lines) + "\n"


def disassemble(compiler, arch, options):
    """Returns the disassembly of the functions, relocations included."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "fast_path.cc"
        source.write_text(source_text(), encoding="utf-8")
        binary = str(Path(folder) / "fast_path.o")
        command = [compiler.path, "-std=c++17", "-O2", *arch.flags]
        command += [f"-I{options.include}", "-c", str(source), "-o", binary]
        subprocess.run(command, check=True)
        return subprocess.run(
            [options.objdump, "-dr", "--no-show-raw-insn", binary],
            check=True,
            capture_output=True,
            text=True,
        ).stdout


SECTION = re.compile(r"Disassembly of section (\S+):")
LABEL = re.compile(r"([0-9a-f]+) <(\S+)>:$")
CODE = re.compile(r"\s*([0-9a-f]+):\s+([a-z][\w.]*)\s*(.*)$")
RELOCATION = re.compile(r"\s*[0-9a-f]+:\s+R_\w+\s+(\S+)$")


def parse(text):
    """Returns {place: instruction} and {function: place}; a place is a
    section and an address."""
    code = {}
    labels = {}
    section = ""
    last = None
    for line in text.splitlines():
        if match := SECTION.match(line):
            section, last = match.group(1), None
        elif match := LABEL.match(line):
            labels[match.group(2)] = (section, int(match.group(1), 16))
        elif match := RELOCATION.match(line):
            last.symbol = match.group(1)
        elif match := CODE.match(line):
            place = (section, int(match.group(1), 16))
            if last is not None:
                last.following = place
            last = Instruction(match.group(2), match.group(3), None)
            code[place] = last
    return code, labels


def target_of(instruction, place):
    """Returns the place a jump leads to, or the name of a function."""
    if instruction.symbol:
        match = re.match(r"(\.[\w.]+)([+-]0x[0-9a-f]+)?$", instruction.symbol)
        if match is None:
            return instruction.symbol
        # Relative to the end of the 4 bytes that hold the distance.
        return match.group(1), int(match.group(2) or "0", 16) + 4
    match = re.search(r"\b(?:0x)?([0-9a-f]+) <", instruction.operands)
    return place[0], int(match.group(1), 16)


def walk(code, place, arch):
    """Follows the code from `place` to where it ends or may branch. Returns
    the instructions, and the place of a conditional jump, the name of a
    function it calls or jumps to, or "ret"."""
    path = []
    while True:
        instruction = code[place]
        path.append(instruction)
        if re.fullmatch(arch.locked, str(instruction)):
            raise Violation(f"a locked instruction: {instruction}")
        if re.fullmatch(arch.folded, str(instruction)):
            raise Violation(f"a word of the arena not loaded first: {instruction}")
        if re.fullmatch(arch.ret, instruction.mnemonic):
            return path, "ret"
        if re.fullmatch(arch.conditional, instruction.mnemonic):
            return path, place
        if re.fullmatch(f"{arch.jump}|{arch.call}", instruction.mnemonic):
            target = target_of(instruction, place)
            if isinstance(target, str):
                return path, target
            place = target
        else:
            place = instruction.following


def count(code, entry, arch):
    """Returns the number of instructions on the way from entry to return."""
    path, end = walk(code, entry, arch)
    if not isinstance(end, tuple):
        raise Violation(f"ends in {end} without a conditional jump")
    sides = [
        walk(code, code[end].following, arch),
        walk(code, target_of(code[end], end), arch),
    ]
    if any(isinstance(side_end, tuple) for _, side_end in sides):
        raise Violation("more than one conditional jump")
    hot = [side for side in sides if side[1] == "ret"]
    if len(hot) != 1:
        ends = " and ".join(side_end for _, side_end in sides)
        raise Violation(f"the two sides of its jump end in {ends}")
    cold = next(side_end for _, side_end in sides if side_end != "ret")
    if "_cold" not in cold:
        raise Violation(f"calls {cold}, which is no *_cold function")
    return len(path) + len(hot[0][0])


def successors(code, place, arch):
    """Returns the places that the code may go to from `place`; none behind a
    call, which no hot loop has."""
    instruction = code[place]
    if re.fullmatch(f"{arch.ret}|{arch.call}", instruction.mnemonic):
        return []
    if re.fullmatch(arch.conditional, instruction.mnemonic):
        return [instruction.following, target_of(instruction, place)]
    if re.fullmatch(arch.jump, instruction.mnemonic):
        return [target_of(instruction, place)]
    return [instruction.following]


def reachable(code, place, arch):
    """Returns the places that the code may come to from `place`."""
    found = set()
    open_places = [place]
    while open_places:
        for after in successors(code, open_places.pop(), arch):
            if after in code and after not in found:
                found.add(after)
                open_places.append(after)
    return found


def count_loop(code, entry, arch):
    """Returns the number of instructions of a function's hot loop."""
    loop = [
        code[place]
        for place in reachable(code, entry, arch)
        if place in reachable(code, place, arch)
    ]
    if not loop:
        raise Violation("has no loop without a call")
    for instruction in loop:
        if re.fullmatch(arch.locked, str(instruction)):
            raise Violation(f"a locked instruction: {instruction}")
    jumps = [i for i in loop if re.fullmatch(arch.conditional, i.mnemonic)]
    if len(jumps) != 2:
        raise Violation(f"{len(jumps)} conditional jumps in its loop")
    stores = [i for i in loop if re.fullmatch(arch.store, str(i))]
    if len(stores) != 1:
        raise Violation(f"{len(stores)} stores in its loop")
    return len(loop)


def check(compiler, options, table):
    """Checks all functions with one compiler; returns the problems."""
    target = compiler.target()
    arch = ARCHITECTURES.get(target)
    if arch is None:
        print(f"{compiler.name}: {target} is not known here, not checked")
        return []
    code, labels = parse(disassemble(compiler, arch, options))
    recorded = table.setdefault(target, {}).get(compiler.name, {})
    counts = {}
    problems = []
    for name in (*FUNCTIONS, *LOOPS):
        counting = count if name in FUNCTIONS else count_loop
        where = f"{compiler.name} {target} {name}"
        try:
            counts[name] = counting(code, labels[name], arch)
        except Violation as violation:
            problems.append(f"{where}: {violation}")
            continue
        expected = recorded.get(name)
        known = "not recorded" if expected is None else f"recorded {expected}"
        print(f"{where:44} {counts[name]:3} instructions, {known}")
        if expected not in (None, counts[name]) and not options.record:
            problems.append(
                f"{where}: {counts[name]} instructions instead of {expected}; "
                "if that is meant, run check_codegen.py --record"
            )
    if options.record:
        table[target][compiler.name] = counts
    return problems


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--include", type=Path, default=ROOT / "include")
    parser.add_argument(
        "--table", type=Path, default=ROOT / "tests/scripts/fast_path.json"
    )
    parser.add_argument(
        "--compiler", action="append", default=[], help="default: g++, clang++"
    )
    parser.add_argument("--objdump", default=shutil.which("objdump"))
    parser.add_argument(
        "--record", action="store_true", help="rewrite the table instead"
    )
    return parser.parse_args()


def main():
    options = parse_arguments()
    found = compilers.installed(options.compiler)
    if not found:
        print("no compiler found: install g++ or clang++")
        return 1
    if options.objdump is None:
        print("objdump is missing: install binutils")
        return 1
    table = {}
    if options.table.exists():
        table = json.loads(options.table.read_text(encoding="utf-8"))
    problems = []
    for compiler in found:
        problems += check(compiler, options, table)
    for problem in problems:
        print(problem)
    if options.record and not problems:
        text = json.dumps(table, indent=2, sort_keys=True)
        options.table.write_text(text + "\n", encoding="utf-8")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
