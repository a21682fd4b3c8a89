# Compiler settings that hold for every room.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# "Dev": line tables for stack traces, assertions on. -O1: a third less compile time than -O2, and the time of a training is spent
# inside LibTorch either way.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_CUDA_FLAGS_DEV "-O2")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_EXE_LINKER_FLAGS_DEV "")
set(CMAKE_EXE_LINKER_FLAGS_RELEASE "-s")

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers need this sloppiness to be cached at all.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
               ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options($<$<LINK_LANGUAGE:CXX>:-fuse-ld=mold>)
endif()

add_library(checkerlab_options INTERFACE)
target_compile_options(checkerlab_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Werror;-Wshadow;-Wnon-virtual-dtor;-Woverloaded-virtual>
  # GCC 12 sees null and overlaps where there are none once it inlines more.
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CONFIG:Dev>>:-Wnull-dereference>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CONFIG:Release>>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>
  # GCC 13 takes a function that looks an element up for one that returns a temporary.
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>:-Wno-dangling-reference>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>
  # ccache takes a precompiled header of Clang only without a time in it.
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>)
target_include_directories(checkerlab_options INTERFACE ${CMAKE_SOURCE_DIR})
if(CHECKERLAB_SANITIZE)
  # GCC's instrumentation makes its own warnings about uninitialised values untrue. Without optimisation it compiles in half the time.
  add_compile_options(
    "$<$<COMPILE_LANGUAGE:CXX>:-O0;-fsanitize=${CHECKERLAB_SANITIZE};-fno-omit-frame-pointer;-Wno-maybe-uninitialized>")
  # Undefined behaviour ends the program: what is only printed fails no test.
  if(CHECKERLAB_SANITIZE MATCHES undefined)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-recover=undefined>)
  endif()
  # Asio has fences, which the thread sanitizer does not see; it warns at each.
  if(CHECKERLAB_SANITIZE MATCHES thread)
    add_compile_options("$<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-tsan>")
  endif()
  add_link_options(-fsanitize=${CHECKERLAB_SANITIZE})
endif()
if(CHECKERLAB_FUZZ)
  # What is undefined ends the program. Left out is what the address sanitizer sees as well, at twice the time to compile, and the check
  # of function types, with which Clang 14 cannot compile coroutines ("Cannot represent a difference across sections").
  add_compile_options(
    "$<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link,address,undefined,float-cast-overflow;-fno-sanitize-recover=all>"
    "$<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize=null,alignment,vptr,object-size,function;-fno-omit-frame-pointer>")
  add_link_options(-fsanitize=address,undefined)
endif()
