// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The same random program of container operations runs three times: on
// std::allocator, on ArenaAllocator and on ArenaResource. What it saw must be
// the same each time. A container that read memory handed out twice, memory of
// the wrong arena or memory that was misaligned would see something else, or a
// sanitizer would.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bitcoinleveldb/arena.h"
#include "bitcoinleveldb/arena_allocator.h"
#include "bitcoinleveldb/arena_resource.h"
#include "bitcoinleveldb/lcg_random.h"

namespace bitcoinleveldb {
namespace {

// Where the containers of one room come from: an allocator of chars, which
// converts to that of any type.
class StandardPlace {
 public:
  using Allocator = std::allocator<char>;
  static Allocator allocator() { return {}; }
};

class AllocatorPlace {
 public:
  using Allocator = ArenaAllocator<char>;
  Allocator allocator() { return arena_; }

 private:
  Arena arena_;
};

class ResourcePlace {
 public:
  using Allocator = std::pmr::polymorphic_allocator<char>;
  Allocator allocator() { return &resource_; }

 private:
  Arena arena_;
  ArenaResource resource_{arena_};
};

template <class Place>
class Room {
 public:
  using Allocator = typename Place::Allocator;
  template <class T>
  using For =
      typename std::allocator_traits<Allocator>::template rebind_alloc<T>;
  using String = std::basic_string<char, std::char_traits<char>, Allocator>;
  using Entry = std::pair<const std::uint64_t, String>;

  explicit Room(Place& place) : allocator_(place.allocator()) {}

  // Changes one container by one random operation.
  void step(LcgRandom& random) {
    const std::uint64_t key = random.uniform(200);
    switch (random.uniform(11)) {
      case 0:
        numbers.push_back(key);
        break;
      case 1:
        numbers.insert(numbers.begin(), key % 5, key);
        break;
      case 2:
        numbers.resize(random.uniform(300));
        break;
      case 3:
        map.insert_or_assign(key, text(random));
        break;
      case 4:
        map.erase(key);
        break;
      case 5:
        table.insert_or_assign(key, text(random));
        break;
      case 6:
        table.erase(key);
        break;
      case 7:
        list.push_front(text(random));
        break;
      case 8:
        shorten_list(random);
        break;
      case 9:
        string.append(text(random));
        break;
      default:
        string.resize(string.size() / 2);
        break;
    }
    deque.push_back(key);
    if (deque.size() > 100) deque.erase(deque.begin(), deque.begin() + 50);
  }

  std::string to_string() const {
    std::ostringstream out;
    for (const std::uint64_t number : numbers) out << number << ' ';
    for (const auto& [key, value] : map) out << key << value.c_str() << ' ';
    for (const String& value : list) out << value.c_str() << ' ';
    for (const std::uint64_t number : deque) out << number << ' ';
    // Its order is not the same on every allocator's hash table.
    for (std::uint64_t key = 0; key != 200; ++key) {
      const auto found = table.find(key);
      if (found != table.end()) out << key << found->second.c_str() << ' ';
    }
    out << string.c_str();
    return out.str();
  }

 private:
  String text(LcgRandom& random) const {
    return String(random.uniform(60), static_cast<char>('a' + random() % 26),
                  allocator_);
  }
  void shorten_list(LcgRandom& random) {
    list.sort();
    if (list.size() > random.uniform(100)) list.pop_back();
  }

  Allocator allocator_;

 public:
  std::vector<std::uint64_t, For<std::uint64_t>> numbers{allocator_};
  std::map<std::uint64_t, String, std::less<>, For<Entry>> map{allocator_};
  std::unordered_map<std::uint64_t, String, std::hash<std::uint64_t>,
                     std::equal_to<>, For<Entry>>
      table{allocator_};
  std::list<String, For<String>> list{allocator_};
  std::deque<std::uint64_t, For<std::uint64_t>> deque{allocator_};
  String string{allocator_};
};

// Exchanges two containers, by their own swap where the standard defines it for
// containers on different arenas.
template <class Container>
void exchange(Container& a, Container& b) {
  using Allocators = std::allocator_traits<typename Container::allocator_type>;
  if constexpr (Allocators::propagate_on_container_swap::value ||
                Allocators::is_always_equal::value) {
    a.swap(b);
  } else {
    Container held(std::move(a));
    a = std::move(b);
    b = std::move(held);
  }
}

// Carries one container over from a room to the other.
template <class R>
void carry(R& to, R& from, LcgRandom& random) {
  switch (random.uniform(9)) {
    case 0:
      to.numbers = from.numbers;
      break;
    case 1:
      to.map = from.map;
      break;
    case 2:
      to.list = from.list;
      break;
    case 3:
      to.numbers = std::move(from.numbers);
      from.numbers.clear();
      break;
    case 4:
      to.map = std::move(from.map);
      from.map.clear();
      break;
    case 5:
      exchange(to.table, from.table);
      break;
    case 6:
      exchange(to.list, from.list);
      break;
    case 7:
      exchange(to.deque, from.deque);
      break;
    default:
      exchange(to.string, from.string);
      break;
  }
}

// Runs the program and returns everything that it saw.
template <class Place>
std::vector<std::string> run(std::uint64_t seed) {
  LcgRandom random(seed);
  Place places[2];
  Room<Place> rooms[2] = {Room<Place>(places[0]), Room<Place>(places[1])};
  std::vector<std::string> seen;
  for (int i = 0; i != 6000; ++i) {
    const std::uint64_t which = random.uniform(2);
    if (random.one_in(50)) carry(rooms[which], rooms[1 - which], random);
    rooms[which].step(random);
    if (i % 20 == 0) seen.push_back(rooms[which].to_string());
  }
  return seen;
}

class ContainerStress : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ContainerStress, AllocatorProgramSeesWhatTheStandardsAllocatorShows) {
  EXPECT_EQ(run<AllocatorPlace>(GetParam()), run<StandardPlace>(GetParam()));
}

TEST_P(ContainerStress, ResourceProgramSeesWhatTheStandardsAllocatorShows) {
  EXPECT_EQ(run<ResourcePlace>(GetParam()), run<StandardPlace>(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Seeds, ContainerStress, testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace bitcoinleveldb
