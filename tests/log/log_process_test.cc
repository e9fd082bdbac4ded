// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// What the log says of the system, and what becomes of it at a fork and at the
// end of the process.

#include <gtest/gtest.h>
#include <linux/mman.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/huge_page_source.h"
#include "bitcoinleveldb/stream_logger.h"
#include "forked_children.h"
#include "log_capture.h"
#include "sanitizers.h"
#include "usage_of.h"

namespace {
std::atomic<bool> g_advice_is_refused{false};
}  // namespace

// In the place of the system's: only a kernel without huge pages refuses them.
extern "C" int madvise(void* memory, std::size_t bytes, int advice) noexcept {
  if (advice == MADV_HUGEPAGE && g_advice_is_refused) {
    errno = EINVAL;
    return -1;
  }
  return static_cast<int>(syscall(SYS_madvise, memory, bytes, advice));
}

namespace bitcoinleveldb {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

using LogProcess = LogTest;
INSTANTIATE_TEST_SUITE_P(By, LogProcess, testing::ValuesIn(log_adapters()),
                         adapter_name);

TEST_P(LogProcess, WarnWhenHugePagesAreRefused) {
  set_log_level(LogLevel::kWarn);
  g_advice_is_refused = true;
  void* const memory = huge_page_source()->allocate(kHugePage);
  g_advice_is_refused = false;
  EXPECT_EQ(lines(), Lines{text("warn: huge pages refused for 2097152 bytes at "
                                "%p, small pages serve them",
                                memory)});
  huge_page_source()->deallocate(memory, kHugePage);
}

// Mapping is refused by a limit of the address space, in a child. The heap is
// told beforehand to keep what it gets back, so that it can serve the slab.
void allocate_without_mapping() {
  mallopt(M_MMAP_THRESHOLD, 512 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
  void* volatile kept = std::malloc(8 * kHugePage);
  std::free(kept);
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlimit limit{pages * 4096, pages * 4096};
  setrlimit(RLIMIT_AS, &limit);
  (void)huge_page_source()->allocate(2 * kHugePage);
  std::_Exit(0);
}

TEST_P(LogProcess, WarnWhenTheHeapStandsInForAMapping) {
  if (kAddressSanitizer || kThreadSanitizer) {
    GTEST_SKIP() << "the sanitizer needs address space";
  }
  set_logger(capture().stderr_logger());
  set_log_level(LogLevel::kWarn);
  EXPECT_EXIT(allocate_without_mapping(), testing::ExitedWithCode(0),
              "warn(ing)?: no mapping for 4194304 bytes, the heap serves them "
              "without huge pages\n");
}

// A child of a fork has one thread, and would wait for ever for a lock that
// another thread of its parent had taken: that of the log, those of a logger,
// and that under which arenas meet their observers.
TEST_P(LogProcess, ChildOfAForkSaysItsLinesWhileItsParentWasSayingSome) {
  if (kAddressSanitizer || kThreadSanitizer) {
    GTEST_SKIP() << "forks while another thread runs";
  }
  set_log_level(LogLevel::kDebug);
  std::atomic<bool> done{false};
  std::thread busy([&done] {
    while (!done) (void)Arena().allocate(1);
  });
  const int finished = count_children_that_finish(
      [] {
        set_log_level(LogLevel::kTrace);
        Arena arena;
        (void)arena.allocate(1);
        set_log_level(LogLevel::kOff);
        return true;
      },
      100);
  done = true;
  busy.join();
  EXPECT_EQ(finished, 100);
}

// An arena with static storage goes after main and after whatever was set up
// in it.
void leave_with_a_static_arena(std::shared_ptr<Logger> logger) {
  set_logger(std::move(logger));
  set_log_level(LogLevel::kInfo);
  static Arena arena{ArenaOptions{}};
  (void)arena.allocate(1);
  std::exit(0);
}

TEST_P(LogProcess, ArenasWithStaticStorageSayThatTheyGo) {
  EXPECT_EXIT(leave_with_a_static_arena(capture().stderr_logger()),
              testing::ExitedWithCode(0),
              "info: arena [0-9]+: gone, with 1 blocks, usage " +
                  usage_text(4096) + " and ");
}

}  // namespace
}  // namespace bitcoinleveldb
