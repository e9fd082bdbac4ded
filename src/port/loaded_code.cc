// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/loaded_code.h"

#if defined(__linux__)

#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <new>

#include "port/pages.h"

namespace bitcoinleveldb::port {

namespace {

std::string path_of_program() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return {};
  return std::string(path.data(), static_cast<std::size_t>(length));
}

std::string to_hex(const unsigned char* bytes, std::size_t count) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char* byte = bytes; byte != bytes + count; ++byte) {
    text += kDigits[*byte / 16U];
    text += kDigits[*byte % 16U];
  }
  return text;
}

constexpr std::size_t round_up_to_4(std::size_t bytes) {
  return (bytes + 3) & ~std::size_t{3};
}

// Returns the build id among the notes in [notes, notes + bytes), or nothing.
std::string find_build_id(const char* notes, std::size_t bytes) {
  ElfW(Nhdr) head;
  while (bytes >= sizeof head) {
    std::memcpy(&head, notes, sizeof head);
    const std::size_t name = sizeof head;
    const std::size_t content = name + round_up_to_4(head.n_namesz);
    const std::size_t next = content + round_up_to_4(head.n_descsz);
    if (next > bytes) break;
    if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == sizeof "GNU" &&
        std::memcmp(notes + name, "GNU", sizeof "GNU") == 0) {
      return to_hex(reinterpret_cast<const unsigned char*>(notes + content),
                    head.n_descsz);
    }
    notes += next;
    bytes -= next;
  }
  return {};
}

// What the segments of an object say of it.
void add_segments(const dl_phdr_info& info, std::vector<LoadedCode>& all) {
  const std::size_t first = all.size();
  std::string build_id;
  for (const ElfW(Phdr)* segment = info.dlpi_phdr;
       segment != info.dlpi_phdr + info.dlpi_phnum; ++segment) {
    const std::uintptr_t address = info.dlpi_addr + segment->p_vaddr;
    if (segment->p_type == PT_NOTE && build_id.empty()) {
      // The loader tells addresses as numbers.
      // NOLINTNEXTLINE(performance-no-int-to-ptr)
      const auto* const notes = reinterpret_cast<const char*>(address);
      build_id = find_build_id(notes, segment->p_memsz);
    }
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0) continue;
    const std::size_t page = page_bytes();
    const std::uintptr_t before = address % page;
    LoadedCode code;
    code.start = address - before;
    code.end = (address + segment->p_memsz + (page - 1)) / page * page;
    code.file_offset = segment->p_offset - before;
    code.moved_by = info.dlpi_addr;
    code.path = info.dlpi_name;
    all.push_back(code);
  }
  for (std::size_t i = first; i != all.size(); ++i) all[i].build_id = build_id;
}

// The loader calls this. It is C, with an unwinder of its own, through which
// nothing may be thrown: a result other than 0 says that memory ran out.
int add_object(dl_phdr_info* info, std::size_t /*bytes*/,
               void* argument) noexcept {
  auto& all = *static_cast<std::vector<LoadedCode>*>(argument);
#ifdef __cpp_exceptions
  try {
    add_segments(*info, all);
  } catch (const std::bad_alloc&) {
    return 1;
  }
#else
  add_segments(*info, all);
#endif
  return 0;
}

}  // namespace

// The first object is the program, which goes without a name.
std::vector<LoadedCode> loaded_code() {
  std::vector<LoadedCode> all;
  [[maybe_unused]] const int ended = dl_iterate_phdr(add_object, &all);
#ifdef __cpp_exceptions
  if (ended != 0) throw std::bad_alloc();
#endif
  for (LoadedCode& code : all) {
    if (code.path.empty()) code.path = path_of_program();
  }
  return all;
}

}  // namespace bitcoinleveldb::port

#else

namespace bitcoinleveldb::port {

std::vector<LoadedCode> loaded_code() { return {}; }

}  // namespace bitcoinleveldb::port

#endif
