// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "bitcoinleveldb/workload.h"

#include <array>
#include <string>

#include "bitcoinleveldb/detail/failure.h"
#include "logged_draws.h"
#include "size_mix.h"

namespace bitcoinleveldb {

namespace {

using detail::LoggedDraws;

// How many requests LevelDB's own randomized test makes.
constexpr std::uint64_t kLevelDbTestRequests = 100'000;

// A skip-list node of LevelDB's memtable: a key pointer and one pointer for
// each level, of which every further one is taken with a chance of 1 in 4.
ArenaRequest skip_list_node(LoggedDraws random) {
  constexpr std::size_t kLevelsMax = 12;
  std::size_t levels = 1;
  while (levels < kLevelsMax && random.one_in(4)) ++levels;
  return {sizeof(char*) * (1 + levels), true};
}

// The bytes of a memtable entry: two lengths as varints, the key with its
// 8-byte tag, and the value.
std::size_t entry_bytes(std::size_t key, std::size_t value) {
  const std::size_t tagged = key + 8;
  return (tagged < 128 ? 1U : 2U) + tagged + (value < 128 ? 1U : 2U) + value;
}

}  // namespace

struct WorkloadKinds {
  struct Kind {
    WorkloadInfo info;
    Workload::Next next;
  };

  static LoggedDraws draws(Workload& w) { return LoggedDraws(w.random_); }

  static ArenaRequest uniform_small(Workload& w) {
    const auto bytes = static_cast<std::size_t>(1 + draws(w).uniform(64));
    return {bytes, draws(w).one_in(4)};
  }

  static ArenaRequest specification(Workload& w) {
    const std::size_t bytes = detail::specification_bytes(draws(w));
    return {bytes, draws(w).one_in(4)};
  }

  static ArenaRequest leveldb(Workload& w) {
    const std::uint64_t number = w.count_++ % kLevelDbTestRequests;
    const std::size_t bytes =
        detail::leveldb_mix_bytes(draws(w), number, kLevelDbTestRequests);
    return {bytes, draws(w).one_in(10)};
  }

  static ArenaRequest memtable(Workload& w) {
    if (w.count_++ % 2 != 0) return skip_list_node(draws(w));
    return {static_cast<std::size_t>(20 + draws(w).uniform(200)), false};
  }

  // Bitcoin's chainstate: 'C', a transaction id of 32 bytes and an index as a
  // varint; a coin of 22 to 60 bytes, one in 50 longer.
  static ArenaRequest chainstate(Workload& w) {
    if (w.count_++ % 2 != 0) return skip_list_node(draws(w));
    const std::size_t key = draws(w).one_in(20) ? 35 : 34;
    const std::uint64_t value = draws(w).one_in(50) ? 61 + draws(w).uniform(200)
                                                    : 22 + draws(w).uniform(39);
    return {entry_bytes(key, static_cast<std::size_t>(value)), false};
  }

  static ArenaRequest big_entries(Workload& w) {
    if (w.count_++ % 2 != 0) return skip_list_node(draws(w));
    return {static_cast<std::size_t>(1100 + draws(w).uniform(1001)), false};
  }

  static ArenaRequest edges(Workload& w) {
    static constexpr std::array<std::uint16_t, 34> kEdges = {
        1,    2,    7,    8,    9,    15,   16,   17,   23,   24,   1016, 1017,
        1022, 1023, 1024, 1025, 1026, 2047, 2048, 2049, 3071, 3072, 3073, 4087,
        4088, 4089, 4090, 4095, 4096, 4097, 8191, 8192, 8193, 12288};
    const auto index = static_cast<std::size_t>(draws(w).uniform(34));
    return {kEdges[index], draws(w).one_in(2)};
  }

  // Sizes up to 1 MiB, every power of two as likely as the next.
  static ArenaRequest large(Workload& w) {
    const std::uint64_t limit = std::uint64_t{1} << draws(w).uniform(21);
    const auto bytes = static_cast<std::size_t>(1 + draws(w).uniform(limit));
    return {bytes, draws(w).one_in(3)};
  }

  static constexpr std::array<Kind, 8> kAll = {{
      {{"uniform-small", "1 to 64 bytes, one in four aligned"}, uniform_small},
      {{"specification", "1 to 256 bytes, one in four aligned"}, specification},
      {{"leveldb", "the mix of LevelDB's own randomized arena test"}, leveldb},
      {{"memtable", "an entry of 20 to 219 bytes, then a skip-list node"},
       memtable},
      {{"chainstate", "a coin of Bitcoin's chainstate, then its node"},
       chainstate},
      {{"big-entries", "an entry of 1,100 to 2,100 bytes, then its node"},
       big_entries},
      {{"edges", "sizes at and next to every limit of the policy"}, edges},
      {{"large", "1 byte to 1 MiB, each power of two as likely"}, large},
  }};
};

namespace {

constexpr auto kInfos = [] {
  std::array<WorkloadInfo, WorkloadKinds::kAll.size()> infos{};
  for (std::size_t i = 0; i != infos.size(); ++i) {
    infos[i] = WorkloadKinds::kAll[i].info;
  }
  return infos;
}();

const WorkloadKinds::Kind& find_kind(std::string_view name) {
  for (const WorkloadKinds::Kind& kind : WorkloadKinds::kAll) {
    if (kind.info.name == name) return kind;
  }
  std::string message = "no workload is called \"" + std::string(name) + "\";";
  message += " there are:";
  for (const WorkloadInfo& info : kInfos) {
    message += ' ';
    message += info.name;
  }
  detail::fail_invalid(message.c_str());
}

}  // namespace

std::span<const WorkloadInfo> Workload::all() noexcept { return kInfos; }

Workload::Workload(std::string_view name, std::uint64_t seed)
    : next_(find_kind(name).next), random_(seed) {}

}  // namespace bitcoinleveldb
