// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// For the preset coverage, which links this into every program: what a process
// has counted is written also when it ends by abort() or _exit(), as in death
// tests and in children of a fork. In C that is C++ too, because it is compiled
// with whatever links the program.

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

// Weak, for programs that count nothing.
__attribute__((weak)) void __gcov_dump(void);

static void write_counts(void) {
  if (__gcov_dump) __gcov_dump();
}

static void on_abort(int number) {
  signal(number, SIG_DFL);
  write_counts();
}

__attribute__((constructor)) static void watch_aborts(void) {
  signal(SIGABRT, on_abort);
}

// These take the place of the C library's.
__attribute__((noreturn)) void _exit(int status) {
  write_counts();
  for (;;) syscall(SYS_exit_group, status);
}

__attribute__((noreturn)) void _Exit(int status) { _exit(status); }

// Calls of fork() go here. That of libgcov has the child forget what was
// counted before it returns, which includes what runs in the child within
// fork(). The name is not spelt out, or this call would go here too.
extern pid_t fork_itself(void) __asm__("fork");
pid_t __gcov_fork(void);
pid_t __gcov_fork(void) { return fork_itself(); }

#ifdef __cplusplus
}
#endif
