// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "report/results.h"

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <stdexcept>

namespace arenatest {

namespace {

using nlohmann::ordered_json;

ordered_json only(const ordered_json& json,
                  std::initializer_list<const char*> keys) {
  ordered_json chosen = ordered_json::object();
  for (const char* const key : keys) {
    if (json.contains(key)) chosen[key] = json.at(key);
  }
  return chosen;
}

// Wrong types are found here, not by the page.
ordered_json row_of(const ordered_json& row) {
  for (const char* const key : {"row", "size", "figure", "judged"}) {
    (void)row.at(key).get_ref<const std::string&>();
  }
  (void)row.at("ours").get<double>();
  for (const auto& [peer, ratio] : row.at("peers").items()) {
    for (const char* const key : {"median", "low", "high"}) {
      const ordered_json& value = ratio.at(key);
      // An infinite ratio is written as null.
      if (!value.is_null()) (void)value.get<double>();
    }
  }
  for (const auto& winner : row.at("winners")) {
    (void)winner.get_ref<const std::string&>();
  }
  return only(
      row, {"row", "size", "subject", "figure", "ours", "judged",
            "leveldb_target", "best_other", "other_target", "peers",
            "over_floors", "raw_target", "has_target", "reached", "winners"});
}

}  // namespace

ordered_json proofs_of(const ordered_json& run) {
  return {{"passed", run.at("passed")},
          {"stress",
           only(run.at("stress"), {"passed", "allocations", "seed", "usage",
                                   "bytes", "aligned", "faults_total"})},
          {"parity", only(run.at("parity"), {"passed", "operations", "arenas",
                                             "mismatches", "runs"})},
          {"leveldb", only(run.at("leveldb"),
                           {"passed", "records", "operations", "differences",
                            "usage_compared", "usage_differences"})}};
}

ordered_json speed_of(const ordered_json& result, const std::string& name) {
  try {
    const ordered_json& bench =
        result.contains("bench") ? result.at("bench") : result;
    ordered_json rows = ordered_json::array();
    for (const ordered_json& row : bench.at("rows")) {
      rows.push_back(row_of(row));
    }
    return {
        {"repetitions", bench.at("repetitions").get<std::uint64_t>()},
        {"smoke", bench.at("smoke").get<bool>()},
        {"context", only(bench.at("context"),
                         {"date", "cpu", "num_cpus", "mhz_per_cpu", "kernel",
                          "compiler", "transparent_hugepage", "left_out"})},
        {"rows", std::move(rows)}};
  } catch (const ordered_json::exception& error) {
    throw std::invalid_argument(
        name + " is no result of arenatest bench or run of this version: " +
        error.what());
  }
}

ordered_json read_result(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) {
    throw std::invalid_argument(path + " is no file");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::invalid_argument("cannot read " + path);
  try {
    return ordered_json::parse(file);
  } catch (const ordered_json::exception& error) {
    throw std::invalid_argument(path + " is no JSON: " + error.what());
  }
}

}  // namespace arenatest
