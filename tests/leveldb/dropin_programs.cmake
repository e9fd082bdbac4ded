# Programs that link LevelDB and the drop-in in different ways, and their tests;
# for the build tree and, from tests/consumer, for the installed package.

set(dropin_dir ${CMAKE_CURRENT_LIST_DIR})

# Adds the test NAME, which runs PROGRAM and compares what it says.
function(add_dropin_test name program stdout stderr)
  add_test(
    NAME LevelDbDropin.${name}
    COMMAND
      ${CMAKE_COMMAND} -D EMULATOR=${CMAKE_CROSSCOMPILING_EMULATOR} -D
      PROGRAM=$<TARGET_FILE:${program}> -D
      ARGUMENT=${CMAKE_CURRENT_BINARY_DIR}/${name}.db -D STDOUT=${stdout} -D
      STDERR=${stderr} -P ${dropin_dir}/dropin_run.cmake)
endfunction()

# The sources are compiled once; it is the linking that differs.
add_library(dropin_program OBJECT ${dropin_dir}/dropin_program.cc)
add_library(dropin_store_objects OBJECT ${dropin_dir}/dropin_store.cc)
target_compile_features(dropin_program PRIVATE cxx_std_17)
target_compile_features(dropin_store_objects PRIVATE cxx_std_17)
target_include_directories(
  dropin_program
  PRIVATE
    $<TARGET_PROPERTY:bitcoinleveldb::leveldb_dropin,INTERFACE_INCLUDE_DIRECTORIES>
)

# Adds a program with a database, which links what else is given.
function(add_dropin_program program)
  add_executable(${program} $<TARGET_OBJECTS:dropin_program>)
  target_link_libraries(${program} PRIVATE ${ARGN})
endfunction()

# Adds a static library that uses a database, as users have them.
function(add_dropin_store store)
  add_library(${store} STATIC $<TARGET_OBJECTS:dropin_store_objects>)
  target_include_directories(${store} INTERFACE ${dropin_dir})
  target_link_libraries(${store} ${ARGN})
endfunction()

# Adds every way of linking with the static LevelDB that `leveldb` stands for.
function(add_dropin_programs leveldb)
  set(dropin bitcoinleveldb::leveldb_dropin)
  # The store alone, so that each program chooses its order.
  add_dropin_store(dropin_store PRIVATE ${leveldb})
  add_dropin_store(dropin_store_public PUBLIC ${leveldb} ${dropin})
  add_dropin_store(dropin_store_private PRIVATE ${leveldb} ${dropin})

  add_dropin_program(dropin_before_leveldb ${dropin} dropin_store ${leveldb})
  add_dropin_program(dropin_after_leveldb ${leveldb} dropin_store ${dropin})
  add_dropin_program(dropin_through_public_library dropin_store_public)
  add_dropin_program(dropin_through_private_library dropin_store_private)
  add_dropin_program(dropin_linked_twice dropin_store_public ${dropin})

  # One standard block and a pointer.
  math(EXPR usage "4096 + ${CMAKE_SIZEOF_VOID_P}")
  set(at_work "drop-in, usage ${usage}")
  add_dropin_test(LinkedBeforeLevelDbIsAtWork dropin_before_leveldb
                  "${at_work}" "")
  add_dropin_test(LinkedAfterLevelDbIsAtWork dropin_after_leveldb
                  "${at_work}" "")
  add_dropin_test(LinkedThroughPublicLibraryIsAtWork
                  dropin_through_public_library "${at_work}" "")
  add_dropin_test(LinkedThroughPrivateLibraryIsAtWork
                  dropin_through_private_library "${at_work}" "")
  add_dropin_test(LinkedTwiceIsAtWorkOnce dropin_linked_twice "${at_work}" "")
endfunction()
