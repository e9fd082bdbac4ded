# Runs PROGRAM, under EMULATOR if there is one, which must end well and print what EXPECTED matches.

execute_process(
  COMMAND ${EMULATOR} ${PROGRAM}
  OUTPUT_VARIABLE said
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(SEND_ERROR "the exit status is ${result}")
endif()
if(NOT said MATCHES "^${EXPECTED}\n$")
  message(SEND_ERROR "printed: \"${said}\"; expected: \"${EXPECTED}\"")
endif()
