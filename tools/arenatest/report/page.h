// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#ifndef BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PAGE_H_
#define BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PAGE_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace arenatest {

// Returns `json` as text that may stand in a <script> element: nothing in it
// can end the element or begin a comment, and bytes that are no UTF-8 are
// replaced.
std::string json_for_html(const nlohmann::ordered_json& json);

// Returns `frame` with every {{name}} replaced by its part. Parts are taken as
// they are: braces in them mean nothing.
// THROWS: std::invalid_argument if the frame names a part that is not given.
std::string assembled(
    std::string_view frame,
    const std::map<std::string_view, std::string_view>& parts);

// Returns the whole page, which needs nothing but itself.
std::string page_of(const nlohmann::ordered_json& report);

}  // namespace arenatest

#endif  // BITCOINLEVELDB_TOOLS_ARENATEST_REPORT_PAGE_H_
