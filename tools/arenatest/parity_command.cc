// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <cstdio>
#include <memory>

#include "bitcoinleveldb/workload.h"
#include "command.h"
#include "oracle/parity.h"
#include "progress.h"
#include "table.h"

namespace arenatest {

namespace {

using bitcoinleveldb::ParityOptions;
using bitcoinleveldb::ParityResult;
using bitcoinleveldb::Workload;
using bitcoinleveldb::WorkloadInfo;

constexpr char kEverySize[] = "every-size";

// So many calls it makes, no more and no less.
constexpr std::uint64_t kEverySizeOperations = 5'034'800;

std::string list_of_workloads() {
  std::string text = "Workloads:";
  for (const WorkloadInfo& info : Workload::all()) {
    text += "\n  " + std::string(info.name) + "  " + std::string(info.meaning);
  }
  text += "\n  " + std::string(kEverySize) +
          "  every size from 1 to 8,200 from every state of a block, always "
          "5,034,800 calls;\n              left out of \"all\" if fewer than "
          "twice as many are asked for";
  return text;
}

std::vector<std::string> names_of_workloads() {
  std::vector<std::string> names;
  for (const WorkloadInfo& info : Workload::all()) {
    names.emplace_back(info.name);
  }
  names.emplace_back(kEverySize);
  return names;
}

class ParityCommand final : public Command {
 public:
  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command = app.add_subcommand(
        "parity", "Compare every call with the real LevelDB arena");
    command->footer(list_of_workloads());
    command
        ->add_option("--operations", plan_.operations,
                     "How many calls to compare, over all workloads and seeds")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 50U))
        ->capture_default_str();
    command->add_option("--seed", plan_.seed, "The first seed")
        ->check(not_negative)
        ->capture_default_str();
    command
        ->add_option("--seeds", plan_.seeds,
                     "How many seeds, each the one before plus 1")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}))
        ->capture_default_str();
    command
        ->add_option("--workload", plan_.workloads,
                     "A workload; may be given more than once (default: all)")
        ->check(CLI::IsMember(names_of_workloads()));
    return command;
  }

  Outcome run() override { return run_parity_plan(plan_); }

 private:
  ParityPlan plan_;
};

// The comparisons of one call of the command, and what they amount to.
class Comparisons {
 public:
  explicit Comparisons(const ParityPlan& plan)
      : plan_(plan),
        names_(plan.workloads.empty() ? names_of_workloads() : plan.workloads),
        progress_("parity", plan.operations) {
    table_.row({"workload", "seed", "operations", "arenas", "mismatches"});
  }

  Outcome run() {
    const bool every_size = std::erase(names_, kEverySize) != 0;
    if (every_size && (!plan_.workloads.empty() ||
                       plan_.operations >= 2 * kEverySizeOperations)) {
      add(kEverySize, "-",
          bitcoinleveldb::run_every_size(
              [] { return std::make_unique<bitcoinleveldb::OurSubject>(); },
              [&](std::uint64_t more) { progress_.advance(more); }));
    }
    const std::uint64_t runs = names_.size() * plan_.seeds;
    for (std::uint64_t i = 0; i != runs; ++i) {
      // What is left is shared out evenly.
      const std::uint64_t left =
          plan_.operations - std::min(plan_.operations, operations_);
      run_one(names_[i / plan_.seeds], plan_.seed + i % plan_.seeds,
              left / (runs - i));
    }
    return finish();
  }

 private:
  void run_one(const std::string& name, std::uint64_t seed,
               std::uint64_t operations) {
    if (operations == 0) return;
    ParityOptions options;
    options.workload = name;
    options.seed = seed;
    options.operations = operations;
    options.progress = [&](std::uint64_t more) { progress_.advance(more); };
    add(name, std::to_string(seed), bitcoinleveldb::run_parity(options));
  }

  void add(const std::string& name, const std::string& seed,
           const ParityResult& result) {
    operations_ += result.operations;
    arenas_ += result.arenas;
    nlohmann::ordered_json row = {{"workload", name},
                                  {"seed", seed},
                                  {"operations", result.operations},
                                  {"arenas", result.arenas},
                                  {"mismatches", result.mismatch ? 1 : 0}};
    if (result.mismatch) {
      ++mismatches_;
      messages_.push_back(name + ", seed " + seed + ": " +
                          to_string(*result.mismatch));
      row["message"] = messages_.back();
    }
    rows_.push_back(std::move(row));
    table_.row({name, seed, grouped(result.operations), grouped(result.arenas),
                result.mismatch ? "1" : "0"});
  }

  Outcome finish() {
    table_.row({"together", "", grouped(operations_), grouped(arenas_),
                grouped(mismatches_)});
    std::printf("parity with the real LevelDB arena, call by call\n");
    table_.print();
    for (const std::string& message : messages_) {
      std::printf("mismatch: %s\n", message.c_str());
    }
    std::fflush(stdout);
    const bool passed = mismatches_ == 0 && operations_ != 0;
    return {passed,
            {{"command", "parity"},
             {"passed", passed},
             {"operations", operations_},
             {"arenas", arenas_},
             {"mismatches", mismatches_},
             {"runs", rows_}}};
  }

  const ParityPlan& plan_;
  std::vector<std::string> names_;
  Progress progress_;
  Table table_;
  std::uint64_t operations_ = 0;
  std::uint64_t arenas_ = 0;
  std::uint64_t mismatches_ = 0;
  std::vector<std::string> messages_;
  nlohmann::ordered_json rows_ = nlohmann::ordered_json::array();
};

}  // namespace

std::unique_ptr<Command> make_parity_command() {
  return std::make_unique<ParityCommand>();
}

Outcome run_parity_plan(const ParityPlan& plan) {
  return Comparisons(plan).run();
}

}  // namespace arenatest
