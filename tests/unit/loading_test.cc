// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The library within a module that a program loads while it runs, as the native
// parts of other languages' packages are. What a thread keeps must then be
// found anew: there is next to no room beside what the program had at its
// start.

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <thread>

namespace {

TEST(Loading, ModuleWithTheLibraryIsLoadedLateAndWorksInEveryThread) {
  void* const module = dlopen(LATE_MODULE, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(module, nullptr) << dlerror();
  void* const found = dlsym(module, "samples_of_an_arena");
  ASSERT_NE(found, nullptr) << dlerror();
  const auto samples = reinterpret_cast<std::size_t (*)()>(found);
  EXPECT_EQ(samples(), 3U);
  std::thread([samples] { EXPECT_EQ(samples(), 3U); }).join();
}

}  // namespace
