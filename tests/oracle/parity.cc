// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "oracle/parity.h"

#include <algorithm>
#include <span>
#include <sstream>
#include <utility>

#include "bitcoinleveldb/lcg_random.h"

namespace bitcoinleveldb {

namespace {

constexpr std::uint64_t kProgressStep = 1U << 16U;

// Fresh pairs of arenas, driven by requests from anywhere.
class Comparison {
 public:
  explicit Comparison(const SubjectFactory& make_ours)
      : make_ours_(make_ours) {}

  void start() {
    ours_ = make_ours_();
    theirs_ = std::make_unique<LevelDbSubject>();
    requests_.clear();
    ++result_.arenas;
  }

  // Makes one request of both; false if they differ.
  bool request(ArenaRequest request) {
    requests_.push_back(request);
    ++result_.operations;
    const Placement ours = ours_->place(request);
    const Placement theirs = theirs_->place(request);
    if (ours == theirs) [[likely]] {
      return true;
    }
    result_.mismatch = ParityMismatch{std::move(requests_), ours, theirs};
    return false;
  }

  ParityResult& result() { return result_; }

 private:
  const SubjectFactory& make_ours_;
  std::unique_ptr<ParitySubject> ours_;
  std::unique_ptr<ParitySubject> theirs_;
  std::vector<ArenaRequest> requests_;
  ParityResult result_;
};

ParityResult finish(Comparison& comparison, const SubjectFactory& ours) {
  ParityResult result = std::move(comparison.result());
  if (result.mismatch) {
    result.mismatch = shorten(std::move(*result.mismatch), ours);
  }
  return result;
}

}  // namespace

Placement LevelDbSubject::place(ArenaRequest request) {
  const std::size_t blocks = arena_.blocks.size();
  const std::size_t usage = arena_.MemoryUsage();
  const char* const bump_before = arena_.ptr;
  const char* const ptr = request.aligned
                              ? arena_.AllocateAligned(request.bytes)
                              : arena_.Allocate(request.bytes);
  std::size_t number = current_;
  if (arena_.blocks.size() != blocks) {
    number = blocks;
    if (arena_.ptr != bump_before) current_ = number;
  }
  // LevelDB keeps no sizes; what a new block has added to usage tells its own.
  const std::size_t block_bytes =
      number == blocks ? arena_.MemoryUsage() - usage - sizeof(char*) : 4096;
  const std::size_t offset =
      offset_in(arena_.blocks[number], block_bytes, ptr, request.bytes);
  return {offset == Placement::kOutside ? offset : number, offset,
          residue_of(ptr), arena_.MemoryUsage()};
}

std::string to_string(const ParityMismatch& mismatch) {
  constexpr std::size_t kShown = 20;
  const std::size_t total = mismatch.requests.size();
  const std::size_t first = total > kShown ? total - kShown : 0;
  std::ostringstream text;
  text << "after " << total << " requests on a fresh arena:";
  if (first != 0) text << " ... (" << first << " more)";
  for (std::size_t i = first; i != total; ++i) {
    const ArenaRequest& request = mismatch.requests[i];
    text << (request.aligned ? " allocate_aligned(" : " allocate(")
         << request.bytes << ")";
  }
  text << "\n  ours:      " << to_string(mismatch.ours)
       << "\n  LevelDB's: " << to_string(mismatch.theirs);
  return text.str();
}

std::optional<ParityMismatch> compare(const std::vector<ArenaRequest>& requests,
                                      const SubjectFactory& ours) {
  Comparison comparison(ours);
  comparison.start();
  for (const ArenaRequest& request : requests) {
    if (!comparison.request(request)) break;
  }
  return std::move(comparison.result().mismatch);
}

ParityMismatch shorten(ParityMismatch mismatch, const SubjectFactory& ours) {
  // Enough to bring any prefix seen in practice to a handful of requests.
  std::uint64_t budget = 50'000'000;
  std::size_t piece = mismatch.requests.size() / 2;
  while (piece != 0) {
    bool shortened = false;
    for (std::size_t at = 0; at < mismatch.requests.size();) {
      if (budget < mismatch.requests.size()) return mismatch;
      budget -= mismatch.requests.size();
      std::vector<ArenaRequest> fewer = mismatch.requests;
      const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      const auto count = std::min(piece, fewer.size() - at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(count));
      if (auto still = compare(fewer, ours)) {
        mismatch = std::move(*still);
        shortened = true;
      } else {
        at += piece;
      }
    }
    if (!shortened) piece /= 2;
    piece = std::min(piece, mismatch.requests.size() / 2);
  }
  return mismatch;
}

ParityResult run_parity(const ParityOptions& options,
                        const SubjectFactory& ours) {
  Workload workload(options.workload, options.seed);
  LcgRandom sizes(options.seed);
  Comparison comparison(ours);
  std::uint64_t arena_bytes = 0;
  std::uint64_t arena_bytes_max = 0;
  for (std::uint64_t i = 0; i != options.operations; ++i) {
    if (arena_bytes >= arena_bytes_max) {
      comparison.start();
      arena_bytes = 0;
      arena_bytes_max = std::uint64_t{64} << sizes.uniform(19);
    }
    const ArenaRequest request = workload.next();
    arena_bytes += request.bytes;
    if (!comparison.request(request)) break;
    if (options.progress && (i + 1) % kProgressStep == 0) {
      options.progress(kProgressStep);
    }
  }
  if (options.progress) {
    options.progress(comparison.result().operations % kProgressStep);
  }
  return finish(comparison, ours);
}

ParityResult run_parity(const ParityOptions& options) {
  return run_parity(options, [] { return std::make_unique<OurSubject>(); });
}

namespace {

// How full the first block is before the size in question is asked for. 0: the
// arena is fresh. Eight neighbours each, so that every remainder occurs.
std::vector<std::size_t> fillings() {
  std::vector<std::size_t> all{0};
  for (std::size_t i = 1; i <= 17; ++i) all.push_back(i);
  for (std::size_t i = 3064; i <= 3080; ++i) all.push_back(i);
  for (std::size_t i = 4079; i <= 4096; ++i) all.push_back(i);
  return all;
}

bool compare_from(Comparison& comparison, std::size_t filled,
                  ArenaRequest request) {
  comparison.start();
  while (filled != 0) {
    const std::size_t bytes = std::min<std::size_t>(filled, 1024);
    if (!comparison.request({bytes, false})) return false;
    filled -= bytes;
  }
  // The two requests behind it show what it did to the bump state.
  return comparison.request(request) && comparison.request({1, false}) &&
         comparison.request({8, true});
}

}  // namespace

ParityResult run_every_size(
    const SubjectFactory& ours,
    const std::function<void(std::uint64_t)>& progress) {
  constexpr std::size_t kBytesMax = 8200;
  Comparison comparison(ours);
  const std::vector<std::size_t> all_fillings = fillings();
  for (std::size_t bytes = 1; bytes <= kBytesMax; ++bytes) {
    const std::uint64_t before = comparison.result().operations;
    for (const std::size_t filled : all_fillings) {
      for (const bool aligned : {false, true}) {
        if (!compare_from(comparison, filled, {bytes, aligned})) {
          return finish(comparison, ours);
        }
      }
    }
    if (progress) progress(comparison.result().operations - before);
  }
  return finish(comparison, ours);
}

}  // namespace bitcoinleveldb
