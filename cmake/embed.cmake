# checkerlab_embed(TARGET NAME BASE_DIR FILES…) compiles the files into TARGET. The header `embedded/NAME.hpp` declares
#   struct EmbeddedFile { std::string_view name, data; };   std::span<const EmbeddedFile> NAME_files();
# in namespace checkerlab; names are relative to BASE_DIR. With DIRECTORY instead of files, BASE_DIR is read when the build runs;
# DEPENDS names what must be built before it.
function(checkerlab_embed target name base_dir)
  cmake_parse_arguments(arg "DIRECTORY" "" "DEPENDS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/embedded)
  set(mode files)
  if(arg_DIRECTORY)
    set(mode directory)
  endif()
  add_custom_command(
    OUTPUT ${out}/${name}.cpp ${out}/${name}.hpp
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DBASE=${base_dir} -DOUT=${out} -DMODE=${mode}
            "-DFILES=${arg_UNPARSED_ARGUMENTS}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
    DEPENDS ${arg_UNPARSED_ARGUMENTS} ${arg_DEPENDS} ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
    COMMENT "Embedding ${name}" VERBATIM)
  target_sources(${target} PRIVATE ${out}/${name}.cpp)
  # The assembler reads the files' bytes: the object is stale when any of them changed, and ccache must not look at it.
  set_source_files_properties(${out}/${name}.cpp PROPERTIES OBJECT_DEPENDS "${arg_UNPARSED_ARGUMENTS};${arg_DEPENDS}"
                              SKIP_PRECOMPILE_HEADERS ON)
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR})
endfunction()
