# Third-party libraries. Everything but LibTorch, CUDA and the C and C++ run-time is linked statically, so that a binary built
# on one distribution runs on another.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)

# Named after the file: what it uses. CMake puts that behind it, which linkers that read each archive once need.
function(checkerlab_static_library target file)
  find_library(CHECKERLAB_${target} ${file} REQUIRED)
  add_library(static::${target} STATIC IMPORTED GLOBAL)
  set_target_properties(static::${target} PROPERTIES IMPORTED_LOCATION ${CHECKERLAB_${target}})
  target_link_libraries(static::${target} INTERFACE ${ARGN})
endfunction()

checkerlab_static_library(crypto libcrypto.a ${CMAKE_DL_LIBS} Threads::Threads)
checkerlab_static_library(ssl libssl.a static::crypto)
checkerlab_static_library(zlib libz.a)
checkerlab_static_library(png libpng.a static::zlib m)
checkerlab_static_library(jpeg libjpeg.a)
# Newer libwebp has its colour conversion in a library of its own, which comes with it.
find_library(CHECKERLAB_sharpyuv libsharpyuv.a)
checkerlab_static_library(webp libwebp.a $<$<BOOL:${CHECKERLAB_sharpyuv}>:${CHECKERLAB_sharpyuv}> m Threads::Threads)
checkerlab_static_library(sqlite3 libsqlite3.a ${CMAKE_DL_LIBS} Threads::Threads m)
checkerlab_static_library(sqlitecpp libSQLiteCpp.a static::sqlite3)
checkerlab_static_library(yaml libyaml-cpp.a)

# The allocator of the programs that serve thousands of requests a second, most of them JSON and rows: the C library's took a third of
# their time. Sanitizers bring their own.
add_library(checkerlab_allocator INTERFACE)
if(NOT CHECKERLAB_SANITIZE AND NOT CHECKERLAB_FUZZ)
  checkerlab_static_library(jemalloc libjemalloc_pic.a ${CMAKE_DL_LIBS} Threads::Threads m)
  target_link_libraries(checkerlab_allocator INTERFACE $<LINK_LIBRARY:WHOLE_ARCHIVE,static::jemalloc>)
endif()

find_path(CHECKERLAB_SPDLOG_INCLUDE spdlog/spdlog.h REQUIRED)
add_library(checkerlab_spdlog INTERFACE)
target_compile_definitions(checkerlab_spdlog INTERFACE SPDLOG_FMT_EXTERNAL SPDLOG_HEADER_ONLY)
target_include_directories(checkerlab_spdlog SYSTEM INTERFACE ${CHECKERLAB_SPDLOG_INCLUDE})
target_link_libraries(checkerlab_spdlog INTERFACE fmt::fmt-header-only Threads::Threads)
