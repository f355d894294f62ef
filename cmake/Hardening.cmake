# What makes a fault in the program hard to use: it reads CSV files, records
# and answers that others wrote. In every build but the sanitizers', which
# watch the same things more closely; FORTIFY only where there is optimisation,
# without which it does nothing. tests/packaging/package_test.sh looks for each
# in the binary of the package.
option(NARU_HARDENING "Build position-independent, with stack protection, \
read-only relocations, checked string functions and control-flow marks" ON)

if(NARU_HARDENING AND NOT NARU_SANITIZER)
  include(CheckCCompilerFlag)
  include(CheckCSourceCompiles)
  include(CheckPIESupported)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  check_pie_supported(LANGUAGES C)

  foreach(flag -fstack-protector-strong -fstack-clash-protection
      -fcf-protection=full -mbranch-protection=standard)
    string(MAKE_C_IDENTIFIER "has${flag}" has)
    check_c_compiler_flag(${flag} ${has})
    if(${has})
      target_compile_options(naru_flags INTERFACE ${flag})
    endif()
  endforeach()

  # Level 3 also knows sizes that are computed; older C libraries say that they
  # do not.
  set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Werror")
  check_c_source_compiles("#include <string.h>
int main(void) { return 0; }" has_fortify_3)
  unset(CMAKE_REQUIRED_FLAGS)
  set(level 2)
  if(has_fortify_3)
    set(level 3)
  endif()
  target_compile_options(naru_flags INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE>
    $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-D_FORTIFY_SOURCE=${level}>)
  target_link_options(naru_flags INTERFACE
    LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
endif()
