// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "db/memtable.h"

#include <cstdint>
#include <cstring>

#if __cplusplus < 201703L
#error "the source drop-in needs C++17, and asks CMake for it"
#endif
#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "LevelDB is built without exceptions and RTTI, so this is too"
#endif

namespace leveldb {

namespace {

using Length = std::uint32_t;

// A string in an entry: its length, then its bytes, at any address.
char* Append(char* out, std::string_view text) {
  const auto length = static_cast<Length>(text.size());
  std::memcpy(out, &length, sizeof length);
  std::memcpy(out + sizeof length, text.data(), text.size());
  return out + sizeof length + text.size();
}

std::string_view TextAt(const char* in) {
  Length length;
  std::memcpy(&length, in, sizeof length);
  return std::string_view(in + sizeof length, length);
}

std::string_view ValueOf(const char* entry) {
  const std::string_view key = TextAt(entry);
  return TextAt(key.data() + key.size());
}

}  // namespace

bool MemTable::KeyLess::operator()(const char* a, const char* b) const {
  return TextAt(a) < TextAt(b);
}

MemTable::MemTable() : table_(KeyLess(), &arena_) {}

void MemTable::Add(std::string_view key, std::string_view value) {
  char* const entry =
      arena_.Allocate(2 * sizeof(Length) + key.size() + value.size());
  Append(Append(entry, key), value);
  table_.Insert(entry);
}

bool MemTable::Get(std::string_view key, std::string* value) const {
  std::string wanted(sizeof(Length) + key.size(), '\0');
  Append(&wanted[0], key);
  const char* const entry = table_.AtLeast(wanted.data());
  if (entry == nullptr || TextAt(entry) != key) return false;
  value->assign(ValueOf(entry));
  return true;
}

std::string MemTable::Keys() const {
  std::string keys;
  table_.ForEach(
      [&keys](const char* entry) { keys.append(TextAt(entry)).append(" "); });
  return keys;
}

std::size_t MemTable::ApproximateMemoryUsage() const {
  return arena_.MemoryUsage();
}

}  // namespace leveldb
