// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Static probes, which bpftrace, perf, SystemTap and gdb can attach to in any
// running program. Each is one instruction that does nothing, and a note in the
// binary that says where it stands and where its arguments are at that moment.
// docs/probes.md lists them.
//
// They are there wherever the header of SystemTap is. To leave them out all the
// same, compile the library with BITCOINLEVELDB_WITHOUT_PROBES defined.

#ifndef BITCOINLEVELDB_SRC_PORT_PROBES_H_
#define BITCOINLEVELDB_SRC_PORT_PROBES_H_

#if !defined(BITCOINLEVELDB_WITHOUT_PROBES) && defined(__has_include)
#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#endif
#endif

// SystemTap's macros leave a variadic argument out, which Clang would say at
// every probe, system header or not.
#ifdef __clang__
#pragma clang diagnostic ignored "-Wgnu-zero-variadic-macro-arguments"
#endif

// Places the probe `name` with `count` arguments, pointers and integers. They
// are evaluated whether or not anyone looks, so they should be at hand.
#ifdef STAP_PROBE1
#define BITCOINLEVELDB_PROBE(name, count, ...) \
  STAP_PROBE##count(bitcoinleveldb_arena, name, __VA_ARGS__)
#else
#define BITCOINLEVELDB_PROBE(name, count, ...) static_cast<void>(0)
#endif

#endif  // BITCOINLEVELDB_SRC_PORT_PROBES_H_
