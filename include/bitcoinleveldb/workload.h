// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The sequences of requests that tests and benchmarks are made of, by name:
// the same name and seed give the same requests on every machine.
//
//   auto workload = bitcoinleveldb::Workload("memtable", 301);
//   for (int i = 0; i != 1000; ++i) use(workload.next());
//
// Thread safety: none; one object belongs to one thread at a time.

#ifndef BITCOINLEVELDB_WORKLOAD_H_
#define BITCOINLEVELDB_WORKLOAD_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "bitcoinleveldb/detail/attributes.h"
#include "bitcoinleveldb/lcg_random.h"

namespace bitcoinleveldb {

/// One request to an arena.
struct ArenaRequest {
  std::size_t bytes;
  bool aligned;

  friend bool operator==(const ArenaRequest&, const ArenaRequest&) = default;
};

/// What a workload is called and what it stands for.
struct WorkloadInfo {
  std::string_view name;
  std::string_view meaning;
};

/// An endless, seeded sequence of requests.
class BITCOINLEVELDB_EXPORT Workload {
 public:
  /// Returns every workload there is.
  [[nodiscard]] static std::span<const WorkloadInfo> all() noexcept;

  /// THROWS: `std::invalid_argument` if no workload has that name; the message
  /// lists those there are.
  Workload(std::string_view name, std::uint64_t seed);

  /// Returns the next request, of at least 1 byte.
  [[nodiscard]] ArenaRequest next() { return next_(*this); }

 private:
  friend struct WorkloadKinds;
  using Next = ArenaRequest (*)(Workload&);

  Next next_;
  LcgRandom random_;
  std::uint64_t count_ = 0;  // requests made
};

}  // namespace bitcoinleveldb

#endif  // BITCOINLEVELDB_WORKLOAD_H_
