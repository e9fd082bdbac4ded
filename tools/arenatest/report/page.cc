// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "report/page.h"

#include <stdexcept>

#include "report/page_parts.h"

namespace arenatest {

using nlohmann::ordered_json;

// Outside strings JSON has none of these characters, and inside them an escape
// means the same.
std::string json_for_html(const ordered_json& json) {
  const std::string plain =
      json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  std::string text;
  text.reserve(plain.size());
  for (const char c : plain) {
    switch (c) {
      case '<':
        text += "\\u003c";
        break;
      case '>':
        text += "\\u003e";
        break;
      case '&':
        text += "\\u0026";
        break;
      default:
        text += c;
    }
  }
  return text;
}

std::string assembled(
    std::string_view frame,
    const std::map<std::string_view, std::string_view>& parts) {
  constexpr std::string_view kOpen = "{{";
  constexpr std::string_view kClose = "}}";
  std::string text;
  for (;;) {
    const std::size_t open = frame.find(kOpen);
    text += frame.substr(0, open);
    if (open == std::string_view::npos) return text;
    frame.remove_prefix(open + kOpen.size());
    const std::size_t close = frame.find(kClose);
    const auto part = parts.find(frame.substr(0, close));
    if (close == std::string_view::npos || part == parts.end()) {
      throw std::invalid_argument("the page's frame names no part in {{" +
                                  std::string(frame.substr(0, 20)));
    }
    text += part->second;
    frame.remove_prefix(close + kClose.size());
  }
}

std::string page_of(const ordered_json& report) {
  const std::string data = json_for_html(report);
  return assembled(page_frame(), {{"style", page_style()},
                                  {"chart_library", chart_library()},
                                  {"script", page_script()},
                                  {"data", data}});
}

}  // namespace arenatest
