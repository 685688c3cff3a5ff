# Run after the test-runner is linked: asks it for its suites and writes a ctest entry for each.
# -DRUNNER=<program> -DOUTPUT=<file for ctest to include>
execute_process(COMMAND ${RUNNER} --list OUTPUT_VARIABLE suites RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${RUNNER} --list failed: ${status}")
endif()
string(REGEX MATCHALL "[^ \r\n]+" suites "${suites}")
set(text)
foreach(suite IN LISTS suites)
  string(APPEND text "add_test([=[${suite}]=] [=[${RUNNER}]=] [=[--suite=${suite}]=] --verbose)\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
