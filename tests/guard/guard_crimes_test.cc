// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Each crime against a guarded arena ends the program at once, and the report
// says which arena, which allocation and how far off. Without a guard each of
// them goes unnoticed: they lie within the arena's own memory.

#include <gtest/gtest.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_guard.h"
#include "bitcoinleveldb/arena_scope.h"
#include "bitcoinleveldb/detail/attributes.h"
#include "guard_deaths.h"
#include "guard_helpers.h"

namespace bitcoinleveldb {
namespace {

// As `write_to`.
void read_from(const char* address) {
  BITCOINLEVELDB_FORGET(address);
  (void)*static_cast<const volatile char*>(address);
}

// What the report calls the second guarded allocation, of `bytes` bytes.
std::string second(std::size_t bytes) {
  return "allocation 2 \\(" + std::to_string(bytes) +
         " bytes at 0x[0-9a-f]+\\) of guarded arena [0-9]+ \\(at 0x[0-9a-f]+, "
         "\"memtable\"\\)";
}

// A guarded arena with two allocations, the second of `bytes` bytes.
class Scene {
 public:
  explicit Scene(std::size_t bytes) {
    install_guard_reporter();
    guard_arena(*arena, {0, "memtable"});
    (void)arena->allocate(7);
    ptr = arena->allocate(bytes);
  }
  std::unique_ptr<Arena> arena = std::make_unique<Arena>();
  char* ptr = nullptr;
};

TEST(GuardDeathTest, OverrunByOneByteTrapsAndSaysSo) {
  for (const std::size_t bytes : {1U, 33U, 4096U, 5000U}) {
    EXPECT_FAULT(
        {
          Scene scene(bytes);
          write_to(scene.ptr + bytes - 1);
          write_to(scene.ptr + bytes);
        },
        "access to 0x[0-9a-f]+, 1 past the end of " + second(bytes) + "\n");
  }
}

TEST(GuardDeathTest, ReadPastTheEndTrapsAndSaysHowFar) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        read_from(scene.ptr + 100 + 41);
      },
      ", 42 past the end of " + second(100) + "\n");
}

TEST(GuardDeathTest, OverrunOfAnAlignedAllocationTraps) {
  EXPECT_FAULT(
      {
        Scene scene(1);
        char* const ptr = scene.arena->allocate_aligned(48);
        write_to(ptr + 48);
      },
      ", 1 past the end of allocation 3 \\(48 bytes at ");
}

// Up to its alignment it must have more bytes than were asked for, so that one
// of these is seen written only when the memory goes.
TEST(GuardDeathTest, OverrunIntoTheAlignmentIsFoundAtTheEnd) {
  EXPECT_ABORT(
      {
        Scene scene(1);
        char* const ptr = scene.arena->allocate_aligned(45);
        write_to(ptr + 46);
        scene.arena->reset();
      },
      "bitcoinleveldb-arena: found written 0x[0-9a-f]+, 2 past the end of "
      "allocation 3 \\(45 bytes at ");
}

TEST(GuardDeathTest, UnderrunIsFoundAtTheEndOrTrapsBeforeThePage) {
  EXPECT_ABORT(
      {
        Scene scene(100);
        write_to(scene.ptr - 1);
        scene.arena.reset();
      },
      "found written 0x[0-9a-f]+, 1 before the start of " + second(100) + "\n");
  EXPECT_FAULT(
      {
        Scene scene(100);
        write_to(scene.ptr + 100 - page() - 1);
      },
      "access to 0x[0-9a-f]+, [0-9]+ before the start of " + second(100));
  EXPECT_FAULT(
      {
        Scene scene(page());
        write_to(scene.ptr - 1);
      },
      "access to 0x[0-9a-f]+, 1 before the start of allocation 2");
}

TEST(GuardDeathTest, UseAfterResetTraps) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        scene.arena->reset();
        read_from(scene.ptr + 5);
      },
      "at offset 5 of " + second(100) +
          ", which went when the arena was reset\n");
}

TEST(GuardDeathTest, UseAfterDestructionTraps) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        scene.arena.reset();
        read_from(scene.ptr);
      },
      "at offset 0 of " + second(100) + ", which went with the arena\n");
}

TEST(GuardDeathTest, UseAfterAssignmentTraps) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        *scene.arena = Arena();
        read_from(scene.ptr);
      },
      "at offset 0 of " + second(100) + ", which went with the arena\n");
}

TEST(GuardDeathTest, UseAfterAScopeTraps) {
  EXPECT_FAULT(
      {
        Scene scene(100);
        char* inside = nullptr;
        {
          const ArenaScope scope(*scene.arena);
          inside = scene.arena->allocate(20);
          write_to(inside);
        }
        write_to(scene.ptr);  // still there
        read_from(inside + 3);
      },
      "at offset 3 of allocation 3 \\(20 bytes at 0x[0-9a-f]+\\) of guarded "
      "arena .*, which went with a scope\n");
}

TEST(GuardDeathTest, UseAfterDestructionTrapsWithoutTheReporterToo) {
  EXPECT_FAULT(
      {
        auto arena = std::make_unique<Arena>();
        guard_arena(*arena);
        char* const ptr = arena->allocate(100);
        arena.reset();
        std::fputs("about to read", stderr);
        read_from(ptr);
      },
      "^about to read$");
}

// The handler before ours: it is told once ours has said what it has to say.
void end_as_before(int number) {
  constexpr char kText[] = "the handler before\n";
  (void)!write(STDERR_FILENO, kText, sizeof(kText) - 1);
  _exit(number == SIGSEGV ? 93 : 94);
}

void end_with_address(int /*number*/, siginfo_t* info, void* /*context*/) {
  char text[64];
  const int bytes = std::snprintf(text, sizeof(text), "before, address %zu\n",
                                  reinterpret_cast<std::size_t>(info->si_addr));
  (void)!write(STDERR_FILENO, text, static_cast<std::size_t>(bytes));
  _exit(95);
}

TEST(GuardDeathTest, HandlerThatWasThereBeforeIsCalledAfterTheReport) {
  EXPECT_EXIT(
      {
        signal(SIGSEGV, end_as_before);
        Scene scene(10);
        write_to(scene.ptr + 10);
      },
      testing::ExitedWithCode(93),
      "1 past the end of " + second(10) + "\nthe handler before\n");
}

TEST(GuardDeathTest, AccessThatHitNoGuardIsLeftToTheHandlerBefore) {
  EXPECT_EXIT(
      {
        struct sigaction before {};
        before.sa_sigaction = end_with_address;
        before.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &before, nullptr);
        const Scene scene(10);
        write_to(reinterpret_cast<char*>(std::uintptr_t{24}));
      },
      testing::ExitedWithCode(95), "^before, address 24\n$");
}

// What was installed before ours, and ours.
void install_over(void (*before)(int), int flags, int blocked = SIGUSR1) {
  struct sigaction action {};
  action.sa_handler = before;
  action.sa_flags = flags;
  sigaddset(&action.sa_mask, blocked);
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
  install_guard_reporter();
}

void crash() { write_to(reinterpret_cast<char*>(std::uintptr_t{24})); }

constexpr int kOnce = static_cast<int>(SA_RESETHAND);

// It is called again and again otherwise: the access is, too.
void say_and_go_on(int /*number*/) {
  static int calls = 0;
  constexpr char kText[] = "called\n";
  (void)!write(STDERR_FILENO, kText, sizeof(kText) - 1);
  if (++calls == 5) _exit(96);
}

TEST(GuardDeathTest, HandlerBeforeThatIsToBeCalledOnceIsCalledOnce) {
  EXPECT_FAULT(
      {
        install_over(say_and_go_on, kOnce);
        crash();
      },
      "^called\n$");
}

TEST(GuardDeathTest, HandlerBeforeThatRaisesTheSignalAgainEndsTheProgram) {
  if (kThreadSanitizer) GTEST_SKIP() << "it enters handlers its own way";
  EXPECT_FAULT(
      {
        install_over(
            [](int number) {
              (void)raise(number);
              _exit(96);
            },
            kOnce | SA_NODEFER);
        crash();
      },
      "^$");
}

sigjmp_buf g_back;

TEST(GuardDeathTest, HandlerBeforeThatDoesNotDeferMayJumpOutEachTime) {
  if (kThreadSanitizer) GTEST_SKIP() << "it enters handlers its own way";
  EXPECT_EXIT(
      {
        install_over([](int) { siglongjmp(g_back, 1); }, SA_NODEFER);
        volatile int jumps = 0;
        while (jumps != 3) {
          if (sigsetjmp(g_back, 0) == 0) crash();
          jumps = jumps + 1;
        }
        std::exit(97);
      },
      testing::ExitedWithCode(97), "");
}

// Ends by a code that says which of SIGUSR1, SIGUSR2 and its own are blocked.
void end_with_mask(int number) {
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  _exit(100 + sigismember(&mask, SIGUSR1) + 2 * sigismember(&mask, SIGUSR2) +
        4 * sigismember(&mask, number));
}

TEST(GuardDeathTest, HandlerBeforeRunsWithTheSignalsBlockedThatItAskedFor) {
  if (kThreadSanitizer) GTEST_SKIP() << "it enters handlers its own way";
  const auto crash_over = [](int flags, int blocked) {
    take_sanitizers_away();
    install_over(end_with_mask, flags, blocked);
    crash();
  };
  EXPECT_EXIT(crash_over(0, SIGUSR1), testing::ExitedWithCode(105), "");
  EXPECT_EXIT(crash_over(0, SIGUSR2), testing::ExitedWithCode(106), "");
  EXPECT_EXIT(crash_over(SA_NODEFER, SIGUSR2), testing::ExitedWithCode(102),
              "");
  EXPECT_EXIT(crash_over(SA_NODEFER, SIGSEGV), testing::ExitedWithCode(104),
              "");
}

TEST(GuardDeathTest, SignalsIgnoredBeforeAreWhateverTheFlagsSay) {
  EXPECT_EXIT(
      {
        install_over(SIG_IGN, SA_SIGINFO);
        kill(getpid(), SIGSEGV);
        kill(getpid(), SIGBUS);
        std::exit(97);
      },
      testing::ExitedWithCode(97), "");
  EXPECT_FAULT(
      {
        install_over(SIG_DFL, SA_SIGINFO);
        kill(getpid(), SIGBUS);
        std::exit(97);
      },
      "^$");
}

TEST(GuardDeathTest, SignalThatWasSentEndsTheProgramAsItWould) {
  EXPECT_FAULT(
      {
        const Scene scene(10);
        kill(getpid(), SIGSEGV);
        std::exit(0);
      },
      "^$");
}

TEST(GuardDeathTest, ReporterInstalledTwiceReportsOnce) {
  EXPECT_FAULT(
      {
        Scene scene(10);
        EXPECT_TRUE(install_guard_reporter());
        write_to(scene.ptr + 10);
      },
      "^bitcoinleveldb-arena: access to [^\n]*\n$");
}

}  // namespace
}  // namespace bitcoinleveldb
