// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors

#include "port/output_file.h"

#include <cerrno>

#if defined(__unix__) || defined(__APPLE__)

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bitcoinleveldb::port {

namespace {

// What is there is emptied only when it is known that no one else writes it.
// Pipes and devices cannot be locked or emptied, and need not be.
int take_over(int file) noexcept {
  struct stat status {};
  if (fstat(file, &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return 0;
  if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return OutputFile::kBusy;
  }
  return ftruncate(file, 0) == 0 ? 0 : errno;
}

}  // namespace

int OutputFile::open(const std::string& path) noexcept {
  (void)close();
  constexpr mode_t kReadableByAll = 0644;
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kReadableByAll);
  if (file < 0) return errno;
  const int error = take_over(file);
  if (error != 0) {
    ::close(file);
    return error;
  }
  handle_ = file;
  return 0;
}

bool OutputFile::is_open() const noexcept { return handle_ >= 0; }

int OutputFile::write(const void* data, std::size_t bytes) noexcept {
  const char* from = static_cast<const char*>(data);
  while (bytes != 0) {
    const ssize_t written = ::write(static_cast<int>(handle_), from, bytes);
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    from += written;
    bytes -= static_cast<std::size_t>(written);
  }
  return 0;
}

int OutputFile::close() noexcept {
  if (!is_open()) return 0;
  const int file = static_cast<int>(handle_);
  handle_ = -1;
  (void)flock(file, LOCK_UN);
  return ::close(file) == 0 ? 0 : errno;
}

std::uint64_t process_number() noexcept {
  return static_cast<std::uint64_t>(getpid());
}

}  // namespace bitcoinleveldb::port

#elif defined(_WIN32)

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <share.h>
#include <sys/stat.h>
#include <windows.h>

#include <algorithm>
#include <climits>

namespace bitcoinleveldb::port {

// What someone has opened to write, no one else may, so that it is not emptied.
int OutputFile::open(const std::string& path) noexcept {
  (void)close();
  const int file = _sopen(
      path.c_str(), _O_WRONLY | _O_CREAT | _O_TRUNC | _O_BINARY | _O_NOINHERIT,
      _SH_DENYWR, _S_IREAD | _S_IWRITE);
  if (file < 0) return _doserrno == ERROR_SHARING_VIOLATION ? kBusy : errno;
  handle_ = file;
  return 0;
}

bool OutputFile::is_open() const noexcept { return handle_ >= 0; }

int OutputFile::write(const void* data, std::size_t bytes) noexcept {
  const char* from = static_cast<const char*>(data);
  while (bytes != 0) {
    const auto piece =
        static_cast<unsigned>(std::min<std::size_t>(bytes, INT_MAX));
    const int written = _write(static_cast<int>(handle_), from, piece);
    if (written < 0) return errno;
    from += written;
    bytes -= static_cast<std::size_t>(written);
  }
  return 0;
}

int OutputFile::close() noexcept {
  if (!is_open()) return 0;
  const int file = static_cast<int>(handle_);
  handle_ = -1;
  return _close(file) == 0 ? 0 : errno;
}

std::uint64_t process_number() noexcept {
  return static_cast<std::uint64_t>(_getpid());
}

}  // namespace bitcoinleveldb::port

#else

#include <cstdio>

namespace bitcoinleveldb::port {

namespace {

std::FILE* stream(std::intptr_t handle) noexcept {
  return reinterpret_cast<std::FILE*>(handle);
}

int last_error() noexcept { return errno == 0 ? EIO : errno; }

}  // namespace

int OutputFile::open(const std::string& path) noexcept {
  (void)close();
  errno = 0;
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return last_error();
  std::setvbuf(file, nullptr, _IONBF, 0);
  handle_ = reinterpret_cast<std::intptr_t>(file);
  return 0;
}

bool OutputFile::is_open() const noexcept { return handle_ != -1; }

int OutputFile::write(const void* data, std::size_t bytes) noexcept {
  errno = 0;
  const std::size_t done = std::fwrite(data, 1, bytes, stream(handle_));
  return done == bytes ? 0 : last_error();
}

int OutputFile::close() noexcept {
  if (!is_open()) return 0;
  std::FILE* const file = stream(handle_);
  handle_ = -1;
  errno = 0;
  return std::fclose(file) == 0 ? 0 : last_error();
}

std::uint64_t process_number() noexcept { return 0; }

}  // namespace bitcoinleveldb::port

#endif
