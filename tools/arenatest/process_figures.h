// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What the operating system says of this process, and what is asked of it; for
// the benchmark too.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_PROCESS_FIGURES_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_PROCESS_FIGURES_H_

#include <cstddef>
#include <cstdint>

namespace arenatest {

// Minor page faults of the calling thread until now.
std::uint64_t minor_faults();

// Resident bytes of the process now, counted exactly, unlike ru_maxrss, which
// the kernel brings up to date by batches and a child inherits.
std::size_t resident_bytes();

// The most bytes that were ever resident in the process.
std::size_t peak_resident_bytes();

// Holds and releases `bytes` on huge pages. A hypervisor that took free memory
// back has to give it again here, and not to whoever is measured next.
void hold_and_release(std::size_t bytes);

// Gives what malloc holds and no one uses back to the system.
void trim_heap();

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_PROCESS_FIGURES_H_
