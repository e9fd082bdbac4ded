// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

// The files that the page is made of, embedded when the program is built.

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PAGE_PARTS_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PAGE_PARTS_H_

#include <string_view>

namespace arenatest {

// The frame, with {{style}}, {{chart_library}}, {{script}} and {{data}} where
// these belong.
std::string_view page_frame() noexcept;
std::string_view page_style() noexcept;
std::string_view page_script() noexcept;

// Chart.js, or nothing if it was not installed when the program was built.
std::string_view chart_library() noexcept;

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PAGE_PARTS_H_
