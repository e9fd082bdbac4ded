# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Attaches to the probes of a program as a debugger would, on x86-64 Linux.

A probe is a nop, so it can be overwritten by a trap for good: going on behind
the trap is going on behind the nop.
"""

import ctypes
import os
import re
import signal
import struct
import subprocess

TRACEME, PEEKDATA, POKETEXT, CONT, GETREGS = 0, 2, 4, 7, 12
# The order of struct user_regs_struct.
REGISTERS = ("r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi "
             "orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs gs").split()
WORD = 2**64

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p,
                        ctypes.c_void_p]


def ptrace(request, pid, address=None, data=None):
    ctypes.set_errno(0)
    result = libc.ptrace(request, pid, address, data)
    if result == -1 and ctypes.get_errno() != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    return result % WORD


def registers(pid):
    words = (ctypes.c_uint64 * len(REGISTERS))()
    ptrace(GETREGS, pid, None, ctypes.addressof(words))
    return dict(zip(REGISTERS, words))


def value(pid, values, place):
    """Returns an argument of 8 bytes: a number, in a register or in memory."""
    if place.startswith("$"):
        return int(place[1:]) % WORD
    match = re.fullmatch(r"(?:(-?\d+)?\(%(\w+)\)|%(\w+))", place)
    offset, base, register = match.groups()
    if register:
        return values[register]
    return ptrace(PEEKDATA, pid, (values[base] + int(offset or 0)) % WORD)


def load_address(pid, program):
    """Returns what the addresses of the file are shifted by."""
    with open(program, "rb") as file:
        (kind,) = struct.unpack_from("<H", file.read(18), 16)
    if kind == 2:  # not to be moved
        return 0
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        first = next(line for line in maps if line.rstrip().endswith(program))
    return int(first.split("-")[0], 16)


def stop(child):
    """Waits for the child to stop and returns the signal, or None if it ends."""
    _, status = os.waitpid(child.pid, 0)
    if os.WIFSTOPPED(status):
        return os.WSTOPSIG(status)
    child.returncode = os.waitstatus_to_exitcode(status)
    return None


def run(program, probes):
    """Runs it; returns its output and each probe hit as (name, arguments)."""
    program = os.path.realpath(program)
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
    hits = []
    with subprocess.Popen([program], stdout=subprocess.PIPE, text=True,
                          env=environment,
                          preexec_fn=lambda: ptrace(TRACEME, 0)) as child:
        start = load_address(child.pid, program) if stop(child) else 0
        at = {start + probe.address: probe for probe in probes}
        for address in at:
            word = ptrace(PEEKDATA, child.pid, address)
            ptrace(POKETEXT, child.pid, address, word - word % 256 + 0xCC)
        passed_on = 0
        while True:
            ptrace(CONT, child.pid, None, passed_on)
            passed_on = stop(child)
            if passed_on is None:
                return child.stdout.read(), hits
            if passed_on == signal.SIGTRAP:
                values = registers(child.pid)
                probe = at[values["rip"] - 1]
                places = re.findall(r"8@(\S+)", probe.arguments)
                hits.append((probe.name, [value(child.pid, values, place)
                                          for place in places]))
                passed_on = 0
