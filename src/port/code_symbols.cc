// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/code_symbols.h"

#include <algorithm>

#if defined(__linux__)

#include <elf.h>
#include <link.h>

#include <cstring>
#include <fstream>

namespace bitcoinleveldb::port {

namespace {

// A file that is read here and there; what lies beyond its end is refused, so
// that a damaged one cannot make anyone take memory for it.
class ElfFile {
 public:
  explicit ElfFile(const std::string& path)
      : stream_(path, std::ios::binary | std::ios::ate) {
    if (stream_) bytes_ = static_cast<std::uint64_t>(stream_.tellg());
  }

  // Returns [offset, offset + bytes), or nothing.
  std::string read(std::uint64_t offset, std::uint64_t bytes) {
    if (offset > bytes_ || bytes > bytes_ - offset) return {};
    std::string content(static_cast<std::size_t>(bytes), '\0');
    stream_.seekg(static_cast<std::streamoff>(offset));
    stream_.read(content.data(), static_cast<std::streamsize>(bytes));
    return stream_ ? content : std::string();
  }

  // Returns `count` objects that lie at `offset`, or none.
  template <class Object>
  std::vector<Object> read_all(std::uint64_t offset, std::uint64_t count) {
    if (count > bytes_ / sizeof(Object)) return {};
    const std::string content = read(offset, count * sizeof(Object));
    std::vector<Object> objects(content.size() / sizeof(Object));
    if (!objects.empty()) {
      std::memcpy(objects.data(), content.data(), content.size());
    }
    return objects;
  }

 private:
  std::ifstream stream_;
  std::uint64_t bytes_ = 0;
};

std::vector<ElfW(Shdr)> sections_of(ElfFile& file) {
  const auto heads = file.read_all<ElfW(Ehdr)>(0, 1);
  constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
  if (heads.empty() || std::memcmp(heads[0].e_ident, ELFMAG, SELFMAG) != 0 ||
      heads[0].e_ident[EI_CLASS] != kClass ||
      heads[0].e_shentsize != sizeof(ElfW(Shdr))) {
    return {};
  }
  return file.read_all<ElfW(Shdr)>(heads[0].e_shoff, heads[0].e_shnum);
}

}  // namespace

CodeSymbols::CodeSymbols(const std::string& path) {
  ElfFile file(path);
  const std::vector<ElfW(Shdr)> sections = sections_of(file);
  for (const auto type : {SHT_SYMTAB, SHT_DYNSYM}) {
    for (const ElfW(Shdr) & section : sections) {
      if (section.sh_type != static_cast<unsigned>(type) ||
          section.sh_link >= sections.size() || !functions_.empty()) {
        continue;
      }
      const ElfW(Shdr)& names = sections[section.sh_link];
      names_ = file.read(names.sh_offset, names.sh_size);
      for (const ElfW(Sym) & symbol : file.read_all<ElfW(Sym)>(
               section.sh_offset, section.sh_size / sizeof(ElfW(Sym)))) {
        const bool is_function = (symbol.st_info & 0xFU) == STT_FUNC;
        if (is_function && symbol.st_shndx != SHN_UNDEF &&
            symbol.st_name < names_.size()) {
          functions_.push_back(
              {symbol.st_value, symbol.st_size, symbol.st_name});
        }
      }
    }
  }
  std::sort(functions_.begin(), functions_.end(),
            [](const Function& one, const Function& other) {
              return one.start < other.start;
            });
}

}  // namespace bitcoinleveldb::port

#else

namespace bitcoinleveldb::port {

CodeSymbols::CodeSymbols(const std::string& /*path*/) {}

}  // namespace bitcoinleveldb::port

#endif

namespace bitcoinleveldb::port {

std::string CodeSymbols::name(std::uint64_t address) const {
  auto found =
      std::upper_bound(functions_.begin(), functions_.end(), address,
                       [](std::uint64_t value, const Function& function) {
                         return value < function.start;
                       });
  if (found == functions_.begin()) return {};
  --found;
  if (address - found->start >= found->bytes) return {};
  const std::size_t start = static_cast<std::size_t>(found->name);
  return names_.substr(start, names_.find('\0', start) - start);
}

}  // namespace bitcoinleveldb::port
