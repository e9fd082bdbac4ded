# Runs PROGRAM with ARGUMENT, under EMULATOR if there is one, and compares all
# that it says with STDOUT and STDERR.

execute_process(
  COMMAND ${EMULATOR} ${PROGRAM} ${ARGUMENT}
  OUTPUT_VARIABLE stdout
  ERROR_VARIABLE stderr
  RESULT_VARIABLE result)

foreach(stream IN ITEMS stdout stderr)
  string(TOUPPER ${stream} expected)
  string(STRIP "${${stream}}" said)
  if(NOT said STREQUAL "${${expected}}")
    message(SEND_ERROR "${stream}: \"${said}\"; expected \"${${expected}}\"")
  endif()
endforeach()
if(NOT result EQUAL 0)
  message(SEND_ERROR "the exit status is ${result}")
endif()
