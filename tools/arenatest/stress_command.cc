// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include <cstdio>
#include <stdexcept>

#include "command.h"
#include "peers/peers.h"
#include "progress.h"
#include "table.h"

namespace arenatest {

namespace {

using bitcoinleveldb::ArenaTestOptions;

std::string list_of_peers() {
  std::string text = "Arenas:";
  for (const Peer& peer : peers()) {
    text += "\n  " + std::string(peer.name) + "  " + std::string(peer.meaning);
    if (peer.is_left_out()) text += ", left out of this build";
  }
  return text;
}

const Peer& usable_peer(const std::string& name) {
  const Peer* const peer = find_peer(name);
  if (peer == nullptr) {
    std::string message = "no arena is called \"" + name + "\"; there are:";
    for (const Peer& each : peers()) message.append(" ").append(each.name);
    throw std::invalid_argument(message);
  }
  if (peer->is_left_out()) {
    throw std::invalid_argument(
        "the arena \"" + name + "\" was left out of this build: " +
        std::string(peer->meaning) + " was not installed");
  }
  return *peer;
}

class StressCommand final : public Command {
 public:
  CLI::App* add_to(CLI::App& app) override {
    CLI::App* const command =
        app.add_subcommand("stress", "Run the randomized test on an arena");
    command->footer(list_of_peers());
    command->add_option("--on", plan_.arena, "The arena")
        ->capture_default_str();
    command
        ->add_option("--allocations", plan_.test.allocations,
                     "How many allocations (specification: 10000)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
        ->capture_default_str();
    command->add_option("--seed", plan_.test.seed, "Seed of every choice")
        ->check(not_negative)
        ->capture_default_str();
    command
        ->add_option("--aligned-one-in", plan_.test.aligned_one_in,
                     "One request in so many is aligned; 0 for none "
                     "(specification: 4)")
        ->check(not_negative)
        ->capture_default_str();
    command
        ->add_option("--sizes", sizes_,
                     "leveldb: the mix of LevelDB's own test; specification: "
                     "1 to 256 bytes")
        ->check(CLI::IsMember({"leveldb", "specification"}))
        ->capture_default_str();
    command_ = command;
    return command;
  }

  Outcome run() override {
    if (sizes_ == "specification") {
      const ArenaTestOptions preset = ArenaTestOptions::specification();
      plan_.test.sizes = preset.sizes;
      if (command_->count("--allocations") == 0) {
        plan_.test.allocations = preset.allocations;
      }
      if (command_->count("--aligned-one-in") == 0) {
        plan_.test.aligned_one_in = preset.aligned_one_in;
      }
    }
    return run_stress(plan_);
  }

 private:
  CLI::App* command_ = nullptr;
  StressPlan plan_;
  std::string sizes_ = "leveldb";
};

}  // namespace

std::unique_ptr<Command> make_stress_command() {
  return std::make_unique<StressCommand>();
}

Outcome run_stress(const StressPlan& plan) {
  const Peer& peer = usable_peer(plan.arena);
  const std::unique_ptr<bitcoinleveldb::ArenaFace> arena = peer.code.make();
  Progress progress("stress on " + plan.arena, plan.test.allocations);
  ArenaTestOptions options = plan.test;
  options.progress = [&](std::size_t done, std::size_t) {
    progress.reach(done);
  };
  const bitcoinleveldb::ArenaTestResult result =
      bitcoinleveldb::ArenaTest(options).run_on(*arena);

  std::printf("stress on %s: %s allocations (%s aligned), %s bytes, usage %s, ",
              plan.arena.c_str(), grouped(result.allocations).c_str(),
              grouped(result.aligned).c_str(), grouped(result.bytes).c_str(),
              result.usage_known ? grouped(result.usage).c_str() : "not known");
  std::printf("%s faults\n", grouped(result.faults_total).c_str());
  nlohmann::ordered_json faults = nlohmann::ordered_json::array();
  for (const auto& fault : result.faults) {
    if (faults.size() < 5) {
      std::printf("  %s: %s\n", to_string(fault.fault), fault.message.c_str());
    }
    faults.push_back({{"fault", to_string(fault.fault)},
                      {"allocation", fault.allocation},
                      {"message", fault.message}});
  }
  std::fflush(stdout);
  nlohmann::ordered_json json = {{"command", "stress"},
                                 {"passed", result.passed()},
                                 {"arena", plan.arena},
                                 {"seed", options.seed},
                                 {"allocations", result.allocations},
                                 {"aligned", result.aligned},
                                 {"bytes", result.bytes}};
  json["usage"] = result.usage_known ? nlohmann::ordered_json(result.usage)
                                     : nlohmann::ordered_json(nullptr);
  json["faults_total"] = result.faults_total;
  json["faults"] = std::move(faults);
  return {result.passed(), std::move(json)};
}

}  // namespace arenatest
