# A machine that Debian has a cross compiler for. Included by a toolchain file,
# which says before what it is: machine, triplet and emulator.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${machine})
set(CMAKE_LIBRARY_ARCHITECTURE ${triplet})
set(CMAKE_C_COMPILER ${triplet}-gcc)
set(CMAKE_CXX_COMPILER ${triplet}-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator})

# Where scripts/machine unpacks the packages of that machine. Headers are looked
# for there by every source, as in /usr/include.
set(root ${CMAKE_CURRENT_LIST_DIR}/../../build/machines/${machine}/root)
set(CMAKE_FIND_ROOT_PATH ${root} /usr/${triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
if(EXISTS ${root}/usr/include)
  set(CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES ${root}/usr/include)
endif()
