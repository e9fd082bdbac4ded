# Installs BUILD_DIR and moves the result to PREFIX, so that whatever remembers
# the folder it was installed to fails.

file(REMOVE_RECURSE ${PREFIX} ${PREFIX}.staged)
execute_process(
  COMMAND ${CMAKE_COMMAND} --install ${BUILD_DIR} --config ${CONFIG} --prefix
          ${PREFIX}.staged
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${PREFIX}.staged ${PREFIX})
