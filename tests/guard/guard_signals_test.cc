// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The reporter among the handlers of signals: what was there before is called
// after it, as the system would have called it.

#include <gtest/gtest.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "bitcoinleveldb/arena_guard.h"
#include "guard_deaths.h"
#include "guard_helpers.h"
#include "guard_scene.h"

namespace bitcoinleveldb {
namespace {

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

}  // namespace
}  // namespace bitcoinleveldb
