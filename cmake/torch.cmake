# LibTorch, CUDA and NCCL from the Python wheels in the tool chain folder (`./dev setup` makes it; see README).
set(CHECKERLAB_TOOLCHAIN "$ENV{CHECKERLAB_TOOLCHAIN}" CACHE PATH "Folder made by ./dev setup")
file(GLOB site_packages ${CHECKERLAB_TOOLCHAIN}/lib/python3*/site-packages)
if(NOT EXISTS "${site_packages}/torch")
  message(FATAL_ERROR "LibTorch not found below CHECKERLAB_TOOLCHAIN='${CHECKERLAB_TOOLCHAIN}'. Run ./dev setup, or configure with "
                      "-DCHECKERLAB_WITH_TORCH=OFF (preset core).")
endif()
set(cuda_root ${site_packages}/nvidia/cu13)
set(ENV{CUDACXX} ${cuda_root}/bin/nvcc)
set(CUDAToolkit_ROOT ${cuda_root})
set(CUDA_TOOLKIT_ROOT_DIR ${cuda_root})
# sm_80 (A100) and sm_90 (H100, H200); PTX of the last lets newer cards run.
set(CMAKE_CUDA_ARCHITECTURES OFF)  # LibTorch adds the flags of the list below
set(TORCH_CUDA_ARCH_LIST "8.0;9.0+PTX")
enable_language(CUDA)
set(CMAKE_CUDA_STANDARD 20)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
list(APPEND CMAKE_PREFIX_PATH ${site_packages}/torch)
find_package(Torch 2.11 REQUIRED)

add_library(checkerlab_torch INTERFACE)
target_include_directories(checkerlab_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS} ${cuda_root}/include
                           ${site_packages}/nvidia/nccl/include)
target_link_libraries(checkerlab_torch INTERFACE torch)

# libtorch.so and libtorch_cpu.so export a broken copy of parts of libstdc++ (std::filesystem::remove_all among them calls null): the
# system's library must come before them in the order in which the loader looks symbols up.
add_link_options("LINKER:--push-state,--no-as-needed,-lstdc++,--pop-state")
