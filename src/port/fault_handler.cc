// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/fault_handler.h"

#if defined(__unix__) || defined(__APPLE__)

#include <signal.h>
#include <unistd.h>

#include <cerrno>

namespace bitcoinleveldb::port {

namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS};

// Written before the handler is in place, and only read by it.
void (*g_report)(const void* address) = nullptr;
struct sigaction g_before[2];

const struct sigaction& before(int number) {
  return g_before[number == kSignals[0] ? 0 : 1];
}

// An access that was refused is refused again once the handler returns, and
// then ends the program where it happened. What was sent by someone is not, and
// so is sent again.
void end_by_default(int number, const siginfo_t& info) {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  sigaction(number, &standard, nullptr);
  if (info.si_code <= 0) raise(number);
}

// What is no function is that whatever the flags say.
void go_on(int number, siginfo_t* info, void* context) {
  const struct sigaction& next = before(number);
  if (next.sa_handler == SIG_DFL) {
    end_by_default(number, *info);
  } else if (next.sa_handler == SIG_IGN) {
    // The system does not ignore an access that it has refused.
    if (info->si_code > 0) end_by_default(number, *info);
  } else if ((next.sa_flags & SA_SIGINFO) != 0) {
    next.sa_sigaction(number, info, context);
  } else {
    next.sa_handler(number);
  }
}

void handle(int number, siginfo_t* info, void* context) {
  const int error = errno;
  if (info->si_code > 0) g_report(info->si_addr);
  errno = error;
  go_on(number, info, context);
}

// Returns what enters our handler as the system would enter `next`, which it
// calls: with the same signals blocked, and with the default in place already
// where that is to be called once.
struct sigaction in_place_of(const struct sigaction& next) {
  constexpr auto kKept =
      static_cast<int>(SA_RESTART | SA_NODEFER | SA_RESETHAND);
  struct sigaction ours = next;
  ours.sa_sigaction = handle;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
  if (next.sa_handler == SIG_DFL || next.sa_handler == SIG_IGN) {
    // Neither would have interrupted a call of the system.
    ours.sa_flags |= SA_RESTART;
    sigemptyset(&ours.sa_mask);
  } else {
    ours.sa_flags |= next.sa_flags & kKept;
  }
  return ours;
}

bool install(void (*report)(const void* address)) {
  g_report = report;
  for (int i = 0; i != 2; ++i) {
    if (sigaction(kSignals[i], nullptr, &g_before[i]) != 0) return false;
  }
  for (const int number : kSignals) {
    const struct sigaction ours = in_place_of(before(number));
    if (sigaction(number, &ours, nullptr) != 0) return false;
  }
  return true;
}

}  // namespace

bool install_fault_handler(void (*report)(const void* address)) noexcept {
  static const bool installed = install(report);
  return installed;
}

void write_error(const char* text, std::size_t bytes) noexcept {
  while (bytes != 0) {
    const ssize_t written = write(STDERR_FILENO, text, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text += written;
    bytes -= static_cast<std::size_t>(written);
  }
}

}  // namespace bitcoinleveldb::port

#elif defined(_WIN32)

#include <io.h>
#include <windows.h>

#include <cstdio>

namespace bitcoinleveldb::port {

namespace {

// Written before the handler is in place, and only read by it.
void (*g_report)(const void* address) = nullptr;

// Called before whatever else handles the exception, which is left to it.
LONG CALLBACK handle(EXCEPTION_POINTERS* exception) {
  const EXCEPTION_RECORD& record = *exception->ExceptionRecord;
  if (record.ExceptionCode == EXCEPTION_ACCESS_VIOLATION ||
      record.ExceptionCode == EXCEPTION_IN_PAGE_ERROR) {
    // The system tells the address as a number.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    g_report(reinterpret_cast<const void*>(record.ExceptionInformation[1]));
  }
  return EXCEPTION_CONTINUE_SEARCH;
}

bool install(void (*report)(const void* address)) {
  g_report = report;
  return AddVectoredExceptionHandler(1, handle) != nullptr;
}

}  // namespace

bool install_fault_handler(void (*report)(const void* address)) noexcept {
  static const bool installed = install(report);
  return installed;
}

void write_error(const char* text, std::size_t bytes) noexcept {
  (void)_write(_fileno(stderr), text, static_cast<unsigned>(bytes));
}

}  // namespace bitcoinleveldb::port

#else

#include <cstdio>

namespace bitcoinleveldb::port {

bool install_fault_handler(void (*)(const void*)) noexcept { return false; }

void write_error(const char* text, std::size_t bytes) noexcept {
  (void)std::fwrite(text, 1, bytes, stderr);
}

}  // namespace bitcoinleveldb::port

#endif
