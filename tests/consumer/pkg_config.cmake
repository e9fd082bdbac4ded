# Builds programs with nothing but the compiler and what pkg-config says, and
# runs them. FLAGS are the compiler flags of the build that was installed.

set(ENV{PKG_CONFIG_PATH} ${LIB_DIR}/pkgconfig)
# A shared library in an uncommon place has to be found at run time.
set(ENV{LD_LIBRARY_PATH} ${LIB_DIR})
separate_arguments(FLAGS UNIX_COMMAND "${FLAGS}")
separate_arguments(C_FLAGS UNIX_COMMAND "${C_FLAGS}")
file(MAKE_DIRECTORY ${WORK_DIR})

# Sets `out` to what pkg-config says of `package` to the other arguments.
function(ask_pkg_config out package)
  execute_process(
    COMMAND ${PKG_CONFIG} ${ARGN} ${package}
    OUTPUT_VARIABLE said
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(said UNIX_COMMAND "${said}")
  set(${out} ${said} PARENT_SCOPE)
endfunction()

# Compiles and links `program` from the other arguments.
function(build program)
  execute_process(COMMAND ${COMPILER} -std=c++17 ${FLAGS} -o
                          ${WORK_DIR}/${program} ${ARGN}
                          COMMAND_ERROR_IS_FATAL ANY)
endfunction()

ask_pkg_config(version bitcoinleveldb-arena --modversion)
ask_pkg_config(compile_and_link bitcoinleveldb-arena --cflags --libs)
ask_pkg_config(dropin bitcoinleveldb-arena --variable=leveldb_dropin)

build(program ${SOURCE_DIR}/program.cc ${compile_and_link})
execute_process(COMMAND ${WORK_DIR}/program ${version} COMMAND_ERROR_IS_FATAL
                        ANY)

build(pmr ${SOURCE_DIR}/pmr.cc ${compile_and_link})
execute_process(COMMAND ${WORK_DIR}/pmr COMMAND_ERROR_IS_FATAL ANY)

# The C interface, with a C compiler and nothing of C++.
ask_pkg_config(c_compile_and_link bitcoinleveldb-c --cflags --libs)
execute_process(
  COMMAND ${C_COMPILER} -std=c11 -Wall -Wextra -Werror ${C_FLAGS} -o
          ${WORK_DIR}/c_program ${SOURCE_DIR}/program.c ${c_compile_and_link}
          COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${WORK_DIR}/c_program COMMAND_ERROR_IS_FATAL ANY)

# The drop-in's object goes before LevelDB; the order is otherwise the usual.
set(leveldb_tests ${SOURCE_DIR}/../leveldb)
build(
  dropin
  ${leveldb_tests}/dropin_program.cc
  ${leveldb_tests}/dropin_store.cc
  ${dropin}
  ${LEVELDB}
  ${SNAPPY}
  -pthread
  ${compile_and_link})
execute_process(
  COMMAND ${WORK_DIR}/dropin ${WORK_DIR}/dropin.db
  OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
if(NOT said STREQUAL "drop-in, usage 4104\n")
  message(FATAL_ERROR "the program linked with the drop-in says: ${said}")
endif()
