# The helpers that the folders' CMakeLists.txt call, and the libraries they
# name. Folders list their files; nothing is globbed.

option(NARU_WERROR "Treat warnings as errors" OFF)
set(NARU_SANITIZER "" CACHE STRING
  "Sanitizers to build with: address,undefined or thread; empty for none")
option(NARU_COVERAGE "Count lines and branches, for gcovr (gcc)" OFF)

include(GNUInstallDirs)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(RDKAFKA REQUIRED IMPORTED_TARGET rdkafka>=1.9)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.85)
pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl>=1.1.1)
pkg_check_modules(EVENT REQUIRED IMPORTED_TARGET libevent>=2.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.13)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)

# What users run allocates by jemalloc: see cli/allocator.h.
option(NARU_JEMALLOC "Builds for release allocate by jemalloc" ON)
if(NARU_JEMALLOC AND CMAKE_BUILD_TYPE MATCHES "^Rel" AND NOT NARU_SANITIZER)
  pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc>=5.2)
endif()

# libcsv ships no pkg-config file.
find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(naru_libcsv INTERFACE)
target_include_directories(naru_libcsv SYSTEM INTERFACE ${CSV_INCLUDE_DIR})
target_link_libraries(naru_libcsv INTERFACE ${CSV_LIBRARY})

add_library(naru_flags INTERFACE)
target_include_directories(naru_flags INTERFACE
  ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_definitions(naru_flags INTERFACE
  _GNU_SOURCE NARU_VERSION="${PROJECT_VERSION}"
  NARU_RELEASE_DATE="${NARU_RELEASE_DATE}")
target_compile_options(naru_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual
  -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wundef -Wvla)
if(NARU_WERROR)
  target_compile_options(naru_flags INTERFACE -Werror)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/Hardening.cmake)
if(NARU_SANITIZER)
  target_compile_options(naru_flags INTERFACE
    -fsanitize=${NARU_SANITIZER} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(naru_flags INTERFACE -fsanitize=${NARU_SANITIZER})
endif()
if(NARU_COVERAGE)
  # Threads count in the same places; a test that dies counts nothing.
  target_compile_options(naru_flags INTERFACE
    --coverage -fprofile-update=atomic -fprofile-abs-path)
  target_link_options(naru_flags INTERFACE --coverage)
endif()

# naru_module(NAME SOURCES a.c b.c... LIBS ...): one folder, one static library.
function(naru_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_library(naru_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(naru_${name} PUBLIC naru_flags ${ARG_LIBS})
endfunction()

# naru_unit_test(NOUN [FAILING_MEMORY] LIBS ...): tests/unit/test_NOUN.c as ctest
# unit.NOUN; FAILING_MEMORY: it can let allocations fail, see failing_memory.h.
function(naru_unit_test noun)
  cmake_parse_arguments(ARG "FAILING_MEMORY" "" "LIBS" ${ARGN})
  # A linker that optimises the whole does not stand between its parts.
  if(ARG_FAILING_MEMORY AND CMAKE_INTERPROCEDURAL_OPTIMIZATION)
    return()
  endif()
  add_executable(test_${noun} test_${noun}.c)
  target_link_libraries(test_${noun} PRIVATE
    naru_flags ${ARG_LIBS} PkgConfig::CMOCKA)
  if(ARG_FAILING_MEMORY)
    target_sources(test_${noun} PRIVATE failing_memory.c)
    target_link_options(test_${noun} PRIVATE
      -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup)
  endif()
  add_test(NAME unit.${noun} COMMAND test_${noun})
  set_tests_properties(unit.${noun} PROPERTIES LABELS unit TIMEOUT 300
    SKIP_RETURN_CODE 77)
  set_property(TEST unit.${noun} PROPERTY ENVIRONMENT
    "NARU_SHARED=${PROJECT_SOURCE_DIR}/../shared")
endfunction()

# naru_embed(OUT SYMBOL FILE): FILE's bytes as a C array, so that the one
# executable needs no data files beside it.
function(naru_embed out symbol file)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
    bytes "${bytes}")
  file(CONFIGURE OUTPUT ${out} CONTENT
    "/* Generated from ${symbol}'s source. */\nconst unsigned char ${symbol}[] = {\n@bytes@0x00};\nconst unsigned long ${symbol}_len = sizeof(${symbol}) - 1;\n"
    @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
endfunction()
