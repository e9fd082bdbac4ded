// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// A query's scratchpad: all that a query builds on its way to an answer lies in
// an arena, in ordinary std::pmr containers, and goes at once when it is done.

#include <bitcoinleveldb/arena.h>
#include <bitcoinleveldb/arena_resource.h>

#include <algorithm>
#include <iostream>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

struct Order {
  std::string_view customer;
  int amount;
};

// SELECT customer, SUM(amount) GROUP BY customer ORDER BY 2 DESC LIMIT 1
std::pair<std::string, int> best_customer(const std::vector<Order>& orders,
                                          bitcoinleveldb::Arena& arena) {
  bitcoinleveldb::ArenaResource scratch(arena);

  std::pmr::unordered_map<std::pmr::string, int> sums(&scratch);
  for (const Order& order : orders) {
    sums[std::pmr::string(order.customer, &scratch)] += order.amount;
  }

  using Row = std::pair<int, std::string_view>;
  std::pmr::vector<Row> rows(&scratch);
  rows.reserve(sums.size());  // growing would leave its old memory behind
  for (const auto& [customer, sum] : sums) rows.emplace_back(sum, customer);
  const auto best = std::max_element(rows.begin(), rows.end());

  // The answer leaves the arena, the rest stays.
  return {std::string(best->second), best->first};
}

int main() {
  const std::vector<Order> orders = {
      {"Bremen Shipping and Storage", 70}, {"Aachen Glassworks of 1804", 40},
      {"Cottbus Coal and Briquettes", 90}, {"Aachen Glassworks of 1804", 60},
      {"Bremen Shipping and Storage", 25}, {"Aachen Glassworks of 1804", 10},
  };

  bitcoinleveldb::Arena arena;
  const auto [customer, sum] = best_customer(orders, arena);
  std::cout << customer << ": " << sum << ", with " << arena.memory_usage()
            << " bytes of scratch\n";
  arena.reset();  // ready for the next query
  return customer == "Aachen Glassworks of 1804" && sum == 110 ? 0 : 1;
}
