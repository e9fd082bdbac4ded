// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <algorithm>
#include <cstdio>

#include "bench/bench_run.h"
#include "command.h"

namespace arenatest {

namespace {

constexpr std::uint64_t kRepetitions = 11;
constexpr std::uint64_t kBriefRepetitions = 3;

// The rows that tell most, which together take some fifteen seconds.
const std::vector<std::string>& brief_rows() {
  static const std::vector<std::string> rows = {
      "warm",        "cursor",      "tiny",        "churn",
      "fresh/64MiB", "rotate/4MiB", "rotate/64MiB"};
  return rows;
}

std::vector<std::string> row_names() {
  std::vector<std::string> names;
  for (const Target& target : targets()) {
    if (std::ranges::find(names, target.row) == names.end()) {
      names.push_back(target.row);
    }
  }
  return names;
}

class BenchCommand final : public Command {
 public:
  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command = app.add_subcommand(
        "bench", "Measure our arena beside LevelDB's and every other peer");
    command->add_flag(
        "--full", plan_.full,
        "With the rows growth, which needs 9 GiB of free memory, and "
        "db, which takes many minutes");
    command->add_flag("--short", plan_.brief,
                      "A choice of rows, in some seconds");
    command->add_flag("--smoke", plan_.smoke,
                      "So small that the figures mean nothing; for tests");
    command
        ->add_option("--repetitions", plan_.repetitions,
                     "How often to measure each row (default: 11; 3 with "
                     "--short)")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1000}));
    command->add_option("--row", plan_.rows, "Only these rows")
        ->check(CLI::IsMember(row_names()));
    return command;
  }

  Outcome run() override { return run_bench(plan_); }

 private:
  BenchPlan plan_;
};

}  // namespace

std::unique_ptr<Command> make_bench_command() {
  return std::make_unique<BenchCommand>();
}

bool has_bench() { return std::filesystem::exists(bench_program()); }

Outcome run_bench(const BenchPlan& plan) {
  std::vector<std::string> rows = plan.rows;
  if (rows.empty() && plan.brief) rows = brief_rows();
  std::vector<std::string> arguments;
  arguments.reserve(rows.size() + 2);
  for (const std::string& row : rows) arguments.push_back("--row=" + row);
  const bool full = std::ranges::any_of(rows, [](const std::string& row) {
    return row == "growth" || row == "db";
  });
  if (plan.full || full) arguments.emplace_back("--full");
  if (plan.smoke) arguments.emplace_back("--smoke");
  std::uint64_t repetitions = plan.repetitions;
  if (repetitions == 0) {
    repetitions = plan.brief ? kBriefRepetitions : kRepetitions;
  }
  const BenchRun run = run_bench_program(arguments, repetitions);
  std::printf(
      "benchmark: %llu repetitions, each with the rows in a random order\n",
      static_cast<unsigned long long>(repetitions));
  if (plan.smoke) std::printf("a smoke run: the figures mean nothing\n");
  if (plan.plain) {
    print_ratios(run);
  } else {
    print_verdicts(run);
  }
  nlohmann::ordered_json json = {{"command", "bench"}, {"passed", true}};
  json["repetitions"] = repetitions;
  json["smoke"] = plan.smoke;
  json.update(json_of(run));
  return {true, std::move(json)};
}

}  // namespace arenatest
