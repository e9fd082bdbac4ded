// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// Compiles as it is, and must not with any of the faults defined.

#include <string>
#include <vector>

#include "bitcoinleveldb/arena_objects.h"

namespace bitcoinleveldb {

void use(Arena& arena, const std::vector<std::string>& strings) {
  (void)make_owned<std::string>(arena, strings.front());
  (void)make_owned_array<std::string>(arena, strings.size());
  (void)copy(arena, strings.front());
#ifdef FAULT_MAKE
  (void)make<std::string>(arena, strings.front());
#endif
#ifdef FAULT_MAKE_ARRAY
  (void)make_array<std::string>(arena, strings.size());
#endif
#ifdef FAULT_COPY
  (void)copy(arena, strings);
#endif
}

}  // namespace bitcoinleveldb
