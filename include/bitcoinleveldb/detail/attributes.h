// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Compiler attributes: the only header in which a compiler may be told apart.

#ifndef BITCOINLEVELDB_DETAIL_ATTRIBUTES_H_
#define BITCOINLEVELDB_DETAIL_ATTRIBUTES_H_

#if defined(__GNUC__) || defined(__clang__)
/// Marks a function that is called rarely: out of line, away from hot code.
#define BITCOINLEVELDB_COLD __attribute__((cold, noinline))
/// Keeps a function out of line, so that its callers stay short.
#define BITCOINLEVELDB_NOINLINE __attribute__((noinline))
/// Has a function become part of each of its callers.
#define BITCOINLEVELDB_ALWAYS_INLINE inline __attribute__((always_inline))
/// Says that `condition` is nearly always true.
#define BITCOINLEVELDB_LIKELY(condition) (__builtin_expect(!!(condition), 1))
/// Makes the compiler forget what it was told of a pointer.
#define BITCOINLEVELDB_FORGET(pointer) __asm__ volatile("" : "+r"(pointer))
/// Has the arguments from number `first` on checked against the format, which
/// is number `text`, as those of the standard's `printf` are. By that name GCC
/// means Microsoft's on Windows, which differs.
#ifdef __clang__
#define BITCOINLEVELDB_PRINTF(text, first) \
  __attribute__((format(printf, text, first)))
#else
#define BITCOINLEVELDB_PRINTF(text, first) \
  __attribute__((format(gnu_printf, text, first)))
#endif
/// Lets a function touch what AddressSanitizer was told to guard.
#define BITCOINLEVELDB_UNGUARDED __attribute__((no_sanitize_address))
#else
#define BITCOINLEVELDB_COLD
#define BITCOINLEVELDB_NOINLINE
#define BITCOINLEVELDB_ALWAYS_INLINE inline
#define BITCOINLEVELDB_LIKELY(condition) (condition)
#define BITCOINLEVELDB_FORGET(pointer) static_cast<void>(0)
#define BITCOINLEVELDB_PRINTF(text, first)
#define BITCOINLEVELDB_UNGUARDED
#endif

#if (defined(__GNUC__) || defined(__clang__)) && !defined(_WIN32)
/// Marks what a shared build of the library shows to programs.
#define BITCOINLEVELDB_EXPORT __attribute__((visibility("default")))
#else
#define BITCOINLEVELDB_EXPORT
#endif

#endif  // BITCOINLEVELDB_DETAIL_ATTRIBUTES_H_
