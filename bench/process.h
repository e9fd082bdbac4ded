// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// What the operating system says of this process, and what is asked of it.

#ifndef BITCOINLEVELDB_BENCH_PROCESS_H_
#define BITCOINLEVELDB_BENCH_PROCESS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

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

// Where this program lies.
std::string folder_of_program();

// Runs `program`, a path, with `arguments` and returns what it printed on
// stdout. Throws std::runtime_error if it failed.
std::string run_program(std::string program,
                        const std::vector<std::string>& arguments);

}  // namespace bench

#endif  // BITCOINLEVELDB_BENCH_PROCESS_H_
