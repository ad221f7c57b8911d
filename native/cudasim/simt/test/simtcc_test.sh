#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# simtcc as its users meet it, from a copy elsewhere: what it says about mistakes, and what must not be in an image.
#   simtcc_test.sh SIMTCC
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in stalled" "$work/source" "$work/source/headers"
cp -R "$1" "$(dirname "$1")/include" "$work/in stalled"
simtcc="$work/in stalled/simtcc"
cd "$work"

fail() {
    echo "simtcc_test: $1" >&2
    [ ! -f said ] || cat said >&2
    exit 1
}
# expect STATUS WORDS COMMAND...: fails with this status, and says the words
expect() {
    status=$1
    words=$2
    shift 2
    code=0
    "$@" >said 2>&1 || code=$?
    [ "$code" -eq "$status" ] || fail "$* ended with $code"
    grep -qF -- "$words" said || fail "$* did not say: $words"
}

cat >source/good.cu <<'END'
#include "near.cuh"
#include "far.cuh"
extern "C" __global__ void good(int *out)
{
    assert(threadIdx.x < LIMIT);
    __syncthreads();
    *out = near_value() + far_value() + __popc(7);
}
END
echo '__device__ inline int near_value() { __syncwarp(); return 1; }' >source/near.cuh
echo '__device__ inline int far_value() { assert(warpSize == 32); return 2; }' >source/headers/far.cuh

# All forms of the options, from a relative and an absolute path; a warning is no failure and no option is lost.
"$simtcc" -O 3 -I source/headers -D LIMIT=5 source/good.cu -o one.so >said 2>&1 || fail "relative path"
[ ! -s said ] || fail "it said something"
"$simtcc" "-I$work/source/headers" -DLIMIT=5 -O1 -std=c++20 -g -Wall "$work/source/good.cu" "-o$work/two.so" >said 2>&1 ||
    fail "absolute path"
[ ! -s said ] || fail "it said something"
(cd source && CXX="${CXX:-g++} -pipe" ../"in stalled/simtcc" -Iheaders -DLIMIT=5 good.cu -o ../three.so) || fail "CXX with an option"
"$simtcc" --check "-I$work/source/headers" -DLIMIT=5 "$work/source/good.cu" -o checked.so >said 2>&1 || fail "checked"
[ ! -s said ] || fail "it said something"

# No path of this machine: not of the sources, of the headers, of the compiler's files, of the temporary files.
for image in one.so two.so three.so checked.so; do
    for path in "$work" source/ headers/ "in stalled" /tmp/ /home/; do
        ! grep -qaF -- "$path" $image || fail "$image holds the path $path"
    done
    for name in good.cu near.cuh; do
        grep -qaF -- "$name" $image || fail "$image does not hold $name"
    done
done

# Nothing of the C++ library's exceptions, which takes memory at each load and never gives it back.
for image in one.so two.so three.so; do
    ! grep -qa 'terminate called' $image || fail "$image holds a runtime for exceptions"
done

# With NVIDIA's headers, where there are any; what is for the host does not get into the image.
if [ -f "${CUDA_HOME:-/usr/local/cuda}/include/cuda_runtime.h" ]; then
    cat >source/nvidia.cu <<'END'
#include <cuda_fp16.h>
#include <cuda_runtime.h>
extern "C" __global__ void half_of(const __half *in, float *out, dim3 shape)
{
    out[threadIdx.x] = __half2float(in[threadIdx.x]) / 2 * static_cast<float>(shape.y);
}
int host(void **memory) { return cudaMalloc(memory, 5); }
END
    "$simtcc" source/nvidia.cu -o nvidia.so >said 2>&1 || fail "NVIDIA's headers"
    [ ! -s said ] || fail "it said something"
    ! grep -qa cudaMalloc nvidia.so || fail "the image holds what is for the host"
fi

# Mistakes in the source, with the file and the line.
printf 'int a;\nextern "C" __global__ void k(int *p)\n{\n    *p = undeclared;\n}\n' >source/bad.cu
expect 1 'source/bad.cu:4:' "$simtcc" source/bad.cu -o bad.so
printf '\n#include "missing.cuh"\n' >source/bad.cu
expect 1 'source/bad.cu:2:' "$simtcc" source/bad.cu -o bad.so
printf '__global__ int k(int *p)\n{\n    return *p;\n}\n' >source/bad.cu
expect 1 'a kernel is a function that returns void' "$simtcc" source/bad.cu -o bad.so
expect 1 'source/bad.cu:1:' "$simtcc" source/bad.cu -o bad.so
printf '__global__ void k(int *p) {}\n__global__ void k(float *p) {}\n' >source/bad.cu
expect 1 'source/bad.cu:1: kernel k is overloaded' "$simtcc" source/bad.cu -o bad.so
printf 'struct Big { char bytes[5000]; };\n__global__ void k(Big b) {}\n' >source/bad.cu
expect 1 'at most 4096 bytes' "$simtcc" source/bad.cu -o bad.so
printf '\n__device__ int f();\n__global__ void k(int *p) { *p = f(); }\n' >source/bad.cu
expect 1 'f()' "$simtcc" source/bad.cu -o bad.so
printf '\n__global__ void k(volatile int *p)\n{\n    volatile int a[10000];\n    a[*p] = 1;\n}\n' >source/bad.cu
expect 1 'source/bad.cu:6:' "$simtcc" source/bad.cu -o bad.so
printf '\n__global__ void k(unsigned long *p)\n{\n    atomicAdd(p, 1ul);\n}\n' >source/bad.cu
expect 1 'source/bad.cu:4:' "$simtcc" source/bad.cu -o bad.so
[ ! -e bad.so ] || fail "a failure left an image"

# What the simulated device lacks is named with its line, unless __CUDA_ARCH__ or GPUBENCH_SIMT hides it.
lacks() {
    printf '%s\n' '__device__ int f(int x) {' "$1" 'return x; }' '__global__ void k(int *p) { *p = f(*p); }' >source/bad.cu
    expect 1 "source/bad.cu:2: $2" "$simtcc" source/bad.cu -o bad.so
    printf '%s\n' '__device__ int f(int x) {' '#ifdef __CUDA_ARCH__' "$1" '#endif' 'return x; }' \
        '__global__ void k(int *p) { *p = f(*p); }' >source/guarded.cu
    "$simtcc" source/guarded.cu -o guarded.so >said 2>&1 || fail "guarded: $1"
}
lacks 'asm volatile("mov.u32 %%0, %%1;" : "=r"(x) : "r"(x));' 'inline PTX is not supported'
lacks '__asm__("nop");' 'inline PTX is not supported'
lacks 'asm("" "nop" ::: "memory");' 'inline PTX is not supported'
lacks '__shared__ cuda::barrier<cuda::thread_scope_block> b;' 'cuda::barrier and cuda::pipeline are not supported'
lacks 'auto pipe = cuda::make_pipeline();' 'cuda::barrier and cuda::pipeline are not supported'
lacks 'auto g = cooperative_groups::this_thread_block();' 'cooperative_groups is not supported'
lacks 'nvcuda::wmma::fill_fragment(x, 0);' 'tensor cores'
lacks 'x = tex2D<int>(texture, 0, 1);' 'textures and surfaces are not supported'
lacks 'surf1Dwrite(x, surface, 0);' 'textures and surfaces are not supported'
lacks 'k<<<1, 2>>>(nullptr);' 'launching a kernel from a kernel'
lacks 'throw 1;' 'exceptions are not supported in functions for the device'
printf '\n__global__ void k(int **p)\n{\n    *p = new int;\n}\n' >source/bad.cu
expect 1 'source/bad.cu:4: the heap of the device' "$simtcc" --check source/bad.cu -o bad.so
"$simtcc" source/bad.cu -o heap.so >said 2>&1 || fail "a kernel that takes from the heap, not to be checked"
for header in cuda/barrier cuda/pipeline; do
    printf '\n#include <%s>\n__global__ void k(int *p)\n{\n    *p = 1;\n}\n' $header >source/bad.cu
    expect 1 "source/bad.cu:2: <$header> is not supported" env CUDA_HOME=/nowhere "$simtcc" source/bad.cu -o bad.so
done
printf '\n__global__ void __cluster_dims__(2, 1, 1) k(int *p)\n{\n    *p = 1;\n}\n' >source/bad.cu
expect 1 'source/bad.cu:2: clusters (__cluster_dims__) are not supported' "$simtcc" source/bad.cu -o bad.so
cat >source/empty.cu <<'END'
__device__ int plain(int barrier) { return barrier; }
extern "C" __global__ void k(int *p, const int *q)
{
    *p = plain(__ldcv(q));
    asm volatile("" ::: "memory");
    asm("");
    __asm__ __volatile__(""
                         :
                         : "r"(*p)
                         : "memory");
    p[1] = static_cast<int>(__fdividef(8.0f, 4.0f));
}
END
for check in '' --check; do
    # shellcheck disable=SC2086
    "$simtcc" $check source/empty.cu -o empty.so >said 2>&1 || fail "statements for the assembler without an instruction"
done
printf '\n__device__ __noinline__ int f() { return 1; }\n__global__ void k(int *p) { *p = f(); }\n' >source/bad.cu
expect 1 'source/bad.cu:2: __noinline__ is not known' "$simtcc" source/bad.cu -o bad.so
[ ! -e bad.so ] || fail "a failure left an image"

# Functions for the host launch and throw as they like, and lines are still those of the source.
cat >source/program.cu <<'END'
#define T float
#define A(i) (i)
#define I 3
extern "C" __global__ void k(T *p, int n) { if (threadIdx.x < n) p[threadIdx.x] = A(2); }
template <typename U> __global__ void generic(U *p) { *p = 1; }
static void check(int error) { if (error != 0) throw "<<<"; }
struct Owner { void launch() { k<<<1, I>>>(nullptr, 5); } };
int main()
{
    try {
        k<<<(1000 + 255) / 256,
            256, 0>>>(nullptr, 1000); generic<T><<<1, 1>>>(nullptr);
        check(1);
    } catch (const char *text) {
        return text[0] == '"' ? 2 : 1;
    }
    return 0;
}
END
"$simtcc" source/program.cu -o program.so >said 2>&1 || fail "a program with launches"
[ ! -s said ] || fail "it said something"
printf 'static void g() { undeclared; }\n' >>source/program.cu
expect 1 'source/program.cu:19:' "$simtcc" source/program.cu -o bad.so

# Mistakes in the call.
expect 2 'no source file' "$simtcc" -o x.so
expect 2 'no -o IMAGE.so' "$simtcc" source/good.cu
expect 2 '-o needs a value' "$simtcc" source/good.cu -o
expect 2 'unknown option --fast' "$simtcc" --fast source/good.cu -o x.so
expect 2 'more than one source file' "$simtcc" source/good.cu source/bad.cu -o x.so
expect 1 'source/none.cu: no such file' "$simtcc" source/none.cu -o x.so
