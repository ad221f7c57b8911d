/* SPDX-License-Identifier: Apache-2.0 */
/* Every intrinsic once for each thread of a block; intrinsics_test.cpp and atomics_test.cpp know the definitions. */
struct Inputs {
    unsigned a, b, c;
    int i, j;
    unsigned long long p, q;
    float f;
    double d;
};

/* Results go to out[operation * blockDim.x + thread], as bits. */
struct Results {
    unsigned long long *out;
    unsigned next;

    __device__ explicit Results(unsigned long long *base) : out(base), next(threadIdx.x) {}
    __device__ void put(unsigned long long bits)
    {
        out[next] = bits;
        next += blockDim.x;
    }
    __device__ void put(unsigned value) { put(static_cast<unsigned long long>(value)); }
    __device__ void put(int value) { put(static_cast<unsigned>(value)); }
    __device__ void put(long long value) { put(static_cast<unsigned long long>(value)); }
    __device__ void put(float value) { put(__float_as_uint(value)); }
    __device__ void put(double value) { put(__double_as_longlong(value)); }
};

extern "C" __global__ void bits(const Inputs *inputs, unsigned long long *out)
{
    Inputs in = inputs[threadIdx.x];
    Results results(out);
    results.put(__popc(in.a));
    results.put(__popcll(in.p));
    results.put(__clz(in.i));
    results.put(__clzll(static_cast<long long>(in.p)));
    results.put(__ffs(in.i));
    results.put(__ffsll(static_cast<long long>(in.p)));
    results.put(__brev(in.a));
    results.put(__brevll(in.p));
    results.put(__byte_perm(in.a, in.b, in.c));
    results.put(__funnelshift_l(in.a, in.b, in.c));
    results.put(__funnelshift_lc(in.a, in.b, in.c & 63));
    results.put(__funnelshift_r(in.a, in.b, in.c));
    results.put(__funnelshift_rc(in.a, in.b, in.c & 63));
    results.put(__mulhi(in.i, in.j));
    results.put(__umulhi(in.a, in.b));
    results.put(__mul64hi(static_cast<long long>(in.p), static_cast<long long>(in.q)));
    results.put(__umul64hi(in.p, in.q));
    results.put(__mul24(in.i, in.j));
    results.put(__umul24(in.a, in.b));
    results.put(__sad(in.i, in.j, in.c));
    results.put(__usad(in.a, in.b, in.c));
    results.put(__hadd(in.i, in.j));
    results.put(__rhadd(in.i, in.j));
    results.put(__dp4a(in.i, in.j, 7));
    results.put(__dp4a(in.a, in.b, in.c));
    results.put(__float_as_int(in.f));
    results.put(__int_as_float(in.i));
    results.put(__uint_as_float(in.a));
    results.put(__longlong_as_double(static_cast<long long>(in.p)));
    results.put(__hiloint2double(in.i, in.j));
    results.put(__double2hiint(in.d));
    results.put(__double2loint(in.d));
    results.put(__fmaf_rn(in.f, 3.0f, 1.0f));
    results.put(min(in.i, in.j));
    results.put(max(in.i, in.j));
    results.put(min(in.a, in.i));
    results.put(max(in.a, in.b));
    results.put(min(in.p, in.q));
    results.put(max(in.f, 0.5f));
    results.put(min(in.d, 0.5));
    results.put(__ldg(&inputs[threadIdx.x].p));
    results.put(__ldcg(&inputs[threadIdx.x].i));
    results.put(__ldcs(&inputs[threadIdx.x].d));
    __stcg(&out[results.next], in.p + in.a);
    results.next += blockDim.x;
    __stcs(&out[results.next], in.q);
    results.next += blockDim.x;
    results.put(static_cast<unsigned>(warpSize));
}

/* For a mask that holds in the whole warp; lanes outside leave what they found. */
extern "C" __global__ void warps(const Inputs *inputs, unsigned long long *out, unsigned mask, int width)
{
    Inputs in = inputs[threadIdx.x];
    Results results(out);
    if ((mask >> (threadIdx.x % 32) & 1) == 0) {
        return;
    }
    unsigned delta = inputs[0].c % 32;
    results.put(__shfl_sync(mask, in.a, in.j, width));
    results.put(__shfl_up_sync(mask, in.i, delta, width));
    results.put(__shfl_down_sync(mask, in.p, delta, width));
    results.put(__shfl_xor_sync(mask, in.d, static_cast<int>(delta), width));
    results.put(__shfl_sync(mask, in.f, in.i));
    results.put(__shfl_down_sync(mask, static_cast<long long>(in.q), 1));
    results.put(__ballot_sync(mask, static_cast<int>(in.a & 4)));
    results.put(__any_sync(mask, in.b % 64 == 0));
    results.put(__all_sync(mask, in.b % 64 != 0));
    results.put(__match_any_sync(mask, in.a % 5));
    results.put(__match_any_sync(mask, in.p % 3));
    int same;
    results.put(__match_all_sync(mask, in.a % 5, &same));
    results.put(same);
    results.put(__match_all_sync(mask, inputs[0].p, &same));
    results.put(same);
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
    results.put(__reduce_add_sync(mask, in.a));
    results.put(__reduce_add_sync(mask, in.i));
    results.put(__reduce_min_sync(mask, in.i));
    results.put(__reduce_max_sync(mask, in.i));
    results.put(__reduce_min_sync(mask, in.a));
    results.put(__reduce_max_sync(mask, in.a));
    results.put(__reduce_and_sync(mask, in.a | 0xf0f0f0f0u));
    results.put(__reduce_or_sync(mask, in.a & 0x00ff00ffu));
    results.put(__reduce_xor_sync(mask, in.a));
#endif
    results.put(__activemask() >> (threadIdx.x % 32) & 1);
}

struct Targets {
    int add_i, sub_i, exchange_i, min_i, max_i, and_i, or_i, xor_i, cas_i;
    unsigned add_u, sub_u, exchange_u, min_u, max_u, and_u, or_u, xor_u, increment, decrement, cas_u;
    unsigned short cas_s;
    float add_f, exchange_f;
    double add_d;
    unsigned long long add_l, exchange_l, min_l, max_l, and_l, or_l, xor_l, cas_l;
    long long min_s, max_s;
};

/* The old values tell the same story in whatever order the threads come: their sum goes to `old`. */
extern "C" __global__ void atomics(Targets *targets, unsigned long long *old)
{
    unsigned t = blockIdx.x * blockDim.x + threadIdx.x;
    int i = static_cast<int>(t) - 100;
    atomicAdd(old, static_cast<unsigned long long>(atomicAdd(&targets->add_u, 1u)));
    atomicAdd(&targets->add_i, i);
    atomicSub(&targets->sub_i, i);
    atomicExch(&targets->exchange_i, 5);
    atomicMin(&targets->min_i, i);
    atomicMax(&targets->max_i, i);
    atomicAnd(&targets->and_i, ~(1 << t % 7));
    atomicOr(&targets->or_i, 1 << t % 9);
    atomicXor(&targets->xor_i, i);
    atomicCAS(&targets->cas_i, 0, 77);
    atomicSub_block(&targets->sub_u, 3u);
    atomicExch_system(&targets->exchange_u, 6u);
    atomicMin(&targets->min_u, t + 9);
    atomicMax(&targets->max_u, t + 9);
    atomicAnd(&targets->and_u, ~(1u << t % 11));
    atomicOr(&targets->or_u, 1u << t % 13);
    atomicXor(&targets->xor_u, t * t);
    atomicInc(&targets->increment, 99u);
    atomicDec(&targets->decrement, 99u);
    atomicCAS(&targets->cas_u, 0u, 78u);
    atomicCAS(&targets->cas_s, static_cast<unsigned short>(0), static_cast<unsigned short>(79));
    atomicAdd(&targets->add_f, 0.5f);
    atomicExch(&targets->exchange_f, 1.5f);
    atomicAdd(&targets->add_d, 0.25);
    atomicAdd_system(&targets->add_l, 1ull << 32);
    atomicExch(&targets->exchange_l, 7ull << 40);
    atomicMin(&targets->min_l, (1ull << 60) + t);
    atomicMax(&targets->max_l, (1ull << 60) + t);
    atomicAnd(&targets->and_l, ~(1ull << t % 40));
    atomicOr(&targets->or_l, 1ull << t % 50);
    atomicXor(&targets->xor_l, static_cast<unsigned long long>(t) << 20);
    atomicCAS(&targets->cas_l, 0ull, 80ull << 33);
    atomicMin(&targets->min_s, static_cast<long long>(i) * 5000000000);
    atomicMax(&targets->max_s, static_cast<long long>(i) * 5000000000);
}

extern "C" __global__ void shapes(unsigned *out)
{
    unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
    unsigned *mine = out + 14 * (block * blockDim.x * blockDim.y * blockDim.z + thread);
    dim3 size(blockDim.x, blockDim.y);
    uint4 all = make_uint4(threadIdx.x, threadIdx.y, threadIdx.z, size.z);
    mine[0] = all.x;
    mine[1] = all.y;
    mine[2] = all.z;
    mine[3] = blockIdx.x;
    mine[4] = blockIdx.y;
    mine[5] = blockIdx.z;
    mine[6] = blockDim.x;
    mine[7] = blockDim.y;
    mine[8] = blockDim.z;
    mine[9] = gridDim.x;
    mine[10] = gridDim.y;
    mine[11] = gridDim.z;
    mine[12] = all.w;
    mine[13] = sizeof(uint4) + alignof(uint4) + sizeof(ulonglong2) + alignof(ulonglong2) + sizeof(float3) + alignof(uchar4);
}

/* Clocks run forward, and a nap lets them. */
extern "C" __global__ void clocks(int *forward)
{
    long long before = clock64();
    clock_t coarse = clock();
    __nanosleep(100);
    __threadfence();
    __threadfence_block();
    __threadfence_system();
    *forward = clock64() > before && clock() != coarse;
}
