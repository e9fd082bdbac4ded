# Puts the source drop-in under TARGET, which is LevelDB or was written against
# its folders: the lines of integrations/leveldb/README.md.
function(put_source_dropin_under target)
  set(dropin bitcoinleveldb::leveldb_source_dropin)
  target_link_libraries(${target} ${dropin})
  target_include_directories(
    ${target} BEFORE
    PRIVATE $<TARGET_PROPERTY:${dropin},INTERFACE_INCLUDE_DIRECTORIES>)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources EXCLUDE REGEX "util/arena\\.cc$")
  set_target_properties(${target} PROPERTIES SOURCES "${sources}")
endfunction()
