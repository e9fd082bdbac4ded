// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena_options.h"
#include "bitcoinleveldb/version.h"
#include "command.h"
#include "json_file.h"
#include "log_option.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUnusable = 2;
using bitcoinleveldb::kBlockBytesVariable;

int run(arenatest::Command& command, const std::string& json_path) {
  const arenatest::JsonFile json(json_path);
  arenatest::Outcome outcome = command.run();
  outcome.json["version"] = bitcoinleveldb::kVersion;
  json.write(outcome.json);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw std::runtime_error("could not write all of the report");
  }
  return outcome.passed ? 0 : kFailed;
}

// Says what is wrong with the arguments. What is not known comes before what is
// missing: it may be that, misspelt.
std::string complaint(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::RequiredError*>(&error) == nullptr) {
    return error.what();
  }
  const std::vector<std::string> unknown = app.remaining(true);
  if (!app.get_subcommands().empty()) {
    return unknown.empty() ? error.what() : unknown.front() + " is not known";
  }
  std::string text = unknown.empty()
                         ? std::string("a command is missing")
                         : "\"" + unknown.front() + "\" is no command";
  const char* separator = "; there are: ";
  for (const CLI::App* const command :
       app.get_subcommands([](const CLI::App*) { return true; })) {
    text += std::exchange(separator, ", ") + command->get_name();
  }
  return text;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app(
      "Tests arenas, compares ours with the real LevelDB, and runs a LevelDB "
      "on it.\nExit status: 0 all holds, 1 something does not, 2 bad input.");
  app.name("arenatest");
  app.set_version_flag("--version", std::string(bitcoinleveldb::kVersion));
  app.require_subcommand(1);
  std::string json_path;
  std::string log_level;
  struct Entry {
    std::unique_ptr<arenatest::Command> command;
    CLI::App* parsed = nullptr;
  };
  Entry entries[] = {
      {arenatest::make_stress_command()},  {arenatest::make_parity_command()},
      {arenatest::make_leveldb_command()}, {arenatest::make_record_command()},
      {arenatest::make_replay_command()},  {arenatest::make_inspect_command()},
      {arenatest::make_tune_command()},    {arenatest::make_bench_command()},
      {arenatest::make_run_command()},     {arenatest::make_report_command()}};
  for (Entry& entry : entries) {
    entry.parsed = entry.command->add_to(app);
    arenatest::add_log_option(*entry.parsed, log_level);
    entry.parsed
        ->add_option("--json", json_path,
                     "Write the result to this file, for machines")
        ->check([](const std::string& path) {
          return path.empty() ? "the path is empty" : "";
        });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "arenatest: %s (--help tells what is allowed)\n",
                 complaint(app, error).c_str());
    return kUnusable;
  }
  arenatest::start_log(log_level);
  for (const Entry& entry : entries) {
    if (entry.parsed->parsed()) return run(*entry.command, json_path);
  }
  return kUnusable;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (std::getenv(kBlockBytesVariable) != nullptr) {
      std::fprintf(stderr,
                   "arenatest: %s is set; only without it are blocks those of "
                   "LevelDB\n",
                   kBlockBytesVariable);
    }
    return parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "arenatest: %s\n", error.what());
    return kUnusable;
  }
}
