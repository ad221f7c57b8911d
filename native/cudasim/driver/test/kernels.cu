/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for the tests of the driver, each as small as its purpose allows. */
extern "C" {

__global__ void add(const int *a, const int *b, int *sum, int n)
{
    int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) {
        sum[i] = a[i] + b[i];
    }
}

/* The order of two of these matters. */
__global__ void affine(int *data, int n, int factor, int summand)
{
    int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) {
        data[i] = data[i] * factor + summand;
    }
}

/* Holds its stream until the gate opens. */
__global__ void hold(volatile unsigned *gate)
{
    while (*gate == 0) {
        __nanosleep(100);
    }
}

/* Answers each new request with its triple, until the request is ~0. */
__global__ void mailbox(volatile unsigned *request, volatile unsigned *answer)
{
    unsigned last = 0;
    for (unsigned now = 0; now != ~0u; now = *request) {
        if (now != last) {
            last = now;
            *answer = 3 * now;
            __threadfence_system();
        }
        __nanosleep(100);
    }
}

/* Two halves of a block at two barriers. */
__global__ void diverge(unsigned *out)
{
    if (threadIdx.x < blockDim.x / 2) {
        __syncthreads();
        out[threadIdx.x] = 1;
    } else {
        out[threadIdx.x] = 2;
        __syncthreads();
    }
}

/* Ends only if all blocks of the grid are there at once. */
__global__ void meet(unsigned *arrived)
{
    if (threadIdx.x == 0) {
        atomicAdd(arrived, 1u);
        while (*static_cast<volatile unsigned *>(arrived) < gridDim.x) {
            __nanosleep(100);
        }
    }
}

__global__ void __launch_bounds__(64) bounded(unsigned *out)
{
    out[threadIdx.x] = threadIdx.x;
}

/* Thread i gets what thread n - 1 - i has put into dynamic shared memory. */
__global__ void reverse(int *data, int n)
{
    extern __shared__ __align__(16) unsigned char dynamic_shared[];
    int *staged = reinterpret_cast<int *>(dynamic_shared);
    int i = static_cast<int>(threadIdx.x);
    staged[i] = data[i];
    __syncthreads();
    data[i] = staged[n - 1 - i];
}

struct Wide {
    unsigned char bytes[100];
};

/* Parameters of many sizes. */
__global__ void pack(char small, Wide wide, double number, uint4 vector, double *out)
{
    out[0] = small;
    out[1] = wide.bytes[99];
    out[2] = number;
    out[3] = vector.w;
}

__device__ int counter;
__constant__ int step;

__global__ void bump()
{
    counter += step;
}

__global__ void nothing()
{
}

__global__ void asserts(int value)
{
    assert(value == 1);
}
}
