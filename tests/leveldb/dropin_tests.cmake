# The drop-ins: every way of linking, and what they do.

add_dropin_programs(leveldb_static)

# Each block counts its bytes and a pointer.
math(EXPR one_block "4096 + ${CMAKE_SIZEOF_VOID_P}")
math(EXPR two_blocks "4096 + 5000 + 2 * ${CMAKE_SIZEOF_VOID_P}")
math(EXPR large_block "65536 + ${CMAKE_SIZEOF_VOID_P}")

# Options reach an unmodified LevelDB through the environment.
add_dropin_test(BlockBytesOfTheEnvironmentReachLevelDb dropin_after_leveldb
                "drop-in, usage ${large_block}" "")
set_property(
  TEST LevelDbDropin.BlockBytesOfTheEnvironmentReachLevelDb
  PROPERTY ENVIRONMENT BITCOINLEVELDB_ARENA_BLOCK_BYTES=65536)

# So does the level of the log, whose lines an unmodified LevelDB then has.
set(dropin_log BITCOINLEVELDB_ARENA_LOG)
add_test(NAME LevelDbDropin.LogOfTheEnvironmentIsThatOfLevelDb
         COMMAND dropin_after_leveldb ${CMAKE_CURRENT_BINARY_DIR}/dropin_log.db)
set_tests_properties(
  LevelDbDropin.LogOfTheEnvironmentIsThatOfLevelDb
  PROPERTIES
    ENVIRONMENT ${dropin_log}=info
    PASS_REGULAR_EXPRESSION
    "^bitcoinleveldb-arena: info: arena 1: new at 0x[0-9a-f]+, blocks of 4096 bytes\nbitcoinleveldb-arena: info: arena 1: gone, with [0-9]+ blocks, usage [0-9]+ and [0-9]+ bytes reserved\n"
)
string(
  CONCAT log_line
         "bitcoinleveldb-arena: BITCOINLEVELDB_ARENA_LOG is \"all\" and has no "
         "effect\; allowed: trace, debug, info, warn, error, off")
add_dropin_test(LogLevelThatThereIsNotIsSaid dropin_after_leveldb
                "drop-in, usage ${one_block}" "${log_line}")
set_property(TEST LevelDbDropin.LogLevelThatThereIsNotIsSaid
             PROPERTY ENVIRONMENT ${dropin_log}=all)

# So do guards.
add_dropin_test(GuardsOfTheEnvironmentLeaveLevelDbAsItIs dropin_after_leveldb
                "drop-in, usage ${one_block}" "")
set_property(TEST LevelDbDropin.GuardsOfTheEnvironmentLeaveLevelDbAsItIs
             PROPERTY ENVIRONMENT BITCOINLEVELDB_ARENA_GUARD=1)
if(CMAKE_SIZEOF_VOID_P EQUAL 8)
  set(size_max 18446744073709551615)
else()
  set(size_max 4294967295)
endif()
string(CONCAT guard_line "bitcoinleveldb-arena: BITCOINLEVELDB_ARENA_GUARD is "
              "\"0\" and has no effect\; allowed: whole numbers from 1 to "
              "${size_max}")
add_dropin_test(GuardThatIsNotAllowedIsSaid dropin_after_leveldb
                "drop-in, usage ${one_block}" "${guard_line}")
set_property(TEST LevelDbDropin.GuardThatIsNotAllowedIsSaid
             PROPERTY ENVIRONMENT BITCOINLEVELDB_ARENA_GUARD=0)

# And a check of who calls.
set(dropin_owner_check BITCOINLEVELDB_ARENA_OWNER_CHECK)
add_dropin_test(OwnerCheckOfTheEnvironmentFindsNothingInLevelDb
                dropin_after_leveldb "drop-in, usage ${one_block}" "")
set_property(TEST LevelDbDropin.OwnerCheckOfTheEnvironmentFindsNothingInLevelDb
             PROPERTY ENVIRONMENT ${dropin_owner_check}=entry)
string(CONCAT owner_line "bitcoinleveldb-arena: ${dropin_owner_check} is "
              "\"1\" and has no effect\; allowed: thread, entry")
add_dropin_test(OwnerCheckThatThereIsNotIsSaid dropin_after_leveldb
                "drop-in, usage ${one_block}" "${owner_line}")
set_property(TEST LevelDbDropin.OwnerCheckThatThereIsNotIsSaid
             PROPERTY ENVIRONMENT ${dropin_owner_check}=1)

# libleveldb.so by mistake is said; a program without LevelDB hears nothing.
find_library(LEVELDB_SHARED_LIBRARY libleveldb.so REQUIRED)
add_dropin_store(dropin_store_shared PRIVATE ${LEVELDB_SHARED_LIBRARY})
add_dropin_program(dropin_with_shared_leveldb bitcoinleveldb::leveldb_dropin
                   dropin_store_shared)
string(
  CONCAT shared_line
         "bitcoinleveldb-arena: the LevelDB drop-in is not at work: this "
         "program uses libleveldb.so, which goes on with its own arena\; link "
         "libleveldb.a instead")
add_dropin_test(SharedLevelDbKeepsItsArenaAndIsSaid dropin_with_shared_leveldb
                "stock, usage ${one_block}" "${shared_line}")

add_executable(dropin_without_leveldb dropin_without_leveldb.cc)
target_link_libraries(dropin_without_leveldb
                      PRIVATE bitcoinleveldb::leveldb_dropin)
add_dropin_test(ProgramWithoutLevelDbHearsNothing dropin_without_leveldb
                "0 arenas" "")

# What the link-time drop-in does, called as compiled LevelDB code calls it:
# the oracle's declaration, but not its definition.
add_executable(dropin_test dropin_guard_test.cc dropin_log_test.cc
                           dropin_test.cc)
target_compile_features(dropin_test PRIVATE cxx_std_20)
target_include_directories(dropin_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(
  dropin_test
  PRIVATE dropin_store_public bitcoinleveldb::leveldb_dropin
          bitcoinleveldb::harness GTest::gtest_main)
discover_tests(dropin_test)

# The source drop-in, in a tree that is laid out and built as LevelDB's.
include(dropin_source.cmake)
add_subdirectory(dropin_tree)
put_source_dropin_under(leveldb_tree)
add_executable(dropin_source_test dropin_source_test.cc)
target_link_libraries(dropin_source_test leveldb_tree bitcoinleveldb::harness
                      GTest::gtest_main)
put_source_dropin_under(dropin_source_test)
discover_tests(dropin_source_test)
add_test(
  NAME LevelDbSourceDropin.LogOfTheEnvironmentIsThatOfLevelDb
  COMMAND dropin_source_test
          --gtest_filter=LevelDbSourceDropin.UsageOfAMemtableIsLevelDbs)
set_tests_properties(
  LevelDbSourceDropin.LogOfTheEnvironmentIsThatOfLevelDb
  PROPERTIES
    ENVIRONMENT ${dropin_log}=debug
    PASS_REGULAR_EXPRESSION
    "debug: arena 1: block 1, dedicated to a request of 5000 bytes, usage ${two_blocks}\n"
)

# A profile reaches an unmodified LevelDB the same way.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME LevelDbDropin.ProfileOfTheEnvironmentSaysWhoFilledAMemtable
         COMMAND ${Python3_EXECUTABLE} ${dropin_dir}/dropin_profile_test.py
                 ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:dropin_after_leveldb>)
