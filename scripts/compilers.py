# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Finds the C++ compilers that the checks run with."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Compiler:
    """One C++ compiler."""

    path: str
    family: str  # "gcc" or "clang"
    major: str

    @property
    def name(self):
        return f"{self.family}-{self.major}"

    def target(self):
        """Returns the architecture it compiles for, as "x86_64"."""
        return _output([self.path, "-dumpmachine"]).split("-")[0]


def _output(command):
    return subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout.strip()


def identify(path):
    """Returns the Compiler at `path`, or None if it is neither family."""
    version = _output([path, "--version"])
    if "clang" in version:
        family = "clang"
    elif "Free Software Foundation" in version:
        family = "gcc"
    else:
        return None
    major = re.match(r"\d+", _output([path, "-dumpversion"])).group()
    return Compiler(path, family, major)


def installed(names=()):
    """Returns the compilers called `names`, by default g++ and clang++."""
    compilers = {}
    for name in names or ("g++", "clang++"):
        path = shutil.which(name)
        if path is None:
            continue
        compiler = identify(path)
        if compiler is not None:
            compilers.setdefault(os.path.realpath(path), compiler)
    return list(compilers.values())
