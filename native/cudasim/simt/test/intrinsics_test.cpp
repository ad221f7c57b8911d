/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.hpp"

#include <cmath>
#include <functional>

namespace {

/* As in intrinsics.cu. */
struct Inputs {
    uint32_t a, b, c;
    int32_t i, j;
    uint64_t p, q;
    float f;
    double d;
};

constexpr uint32_t threads = 256;
constexpr uint64_t untouched = 0x1111111111111111u;

uint64_t bits_of(uint32_t value) { return value; }
uint64_t bits_of(int32_t value) { return static_cast<uint32_t>(value); }
uint64_t bits_of(uint64_t value) { return value; }
uint64_t bits_of(int64_t value) { return static_cast<uint64_t>(value); }
uint64_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}
uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

template <typename To, typename From> To as(From from)
{
    To to;
    static_assert(sizeof to == sizeof from, "same size");
    memcpy(&to, &from, sizeof to);
    return to;
}

/* Small numbers, few bits and extremes are as likely as any number. */
std::vector<Inputs> seeded(uint64_t seed)
{
    Random random(seed);
    auto word = [&]() -> uint64_t {
        uint64_t value = random.next();
        switch (random.next() % 5) {
        case 0:
            return value % 40;
        case 1:
            return uint64_t{1} << value % 64;
        case 2:
            return value % 2 ? 0 : ~uint64_t{0};
        default:
            return value;
        }
    };
    std::vector<Inputs> inputs(threads);
    for (Inputs &in : inputs) {
        in.a = static_cast<uint32_t>(word());
        in.b = static_cast<uint32_t>(word());
        in.c = static_cast<uint32_t>(word());
        in.i = static_cast<int32_t>(word());
        in.j = static_cast<int32_t>(word());
        in.p = word();
        in.q = word();
        in.f = static_cast<float>(static_cast<int32_t>(random.next())) / 65536;
        in.d = static_cast<double>(static_cast<int64_t>(random.next())) / 65536;
    }
    return inputs;
}

/* ---- definitions, bit by bit ---- */

template <typename T> int count_ones(T value)
{
    int ones = 0;
    for (; value != 0; value &= static_cast<T>(value - 1)) {
        ones++;
    }
    return ones;
}

template <typename T> int leading_zeros(T value)
{
    int zeros = 0;
    for (int bit = 8 * int{sizeof(T)} - 1; bit >= 0 && (value >> bit & 1) == 0; bit--) {
        zeros++;
    }
    return zeros;
}

template <typename T> int first_one(T value)
{
    for (int bit = 0; bit < 8 * int{sizeof(T)}; bit++) {
        if (value >> bit & 1) {
            return bit + 1;
        }
    }
    return 0;
}

template <typename T> T reversed(T value)
{
    T result = 0;
    for (size_t bit = 0; bit < 8 * sizeof(T); bit++) {
        result = static_cast<T>(result | (value >> bit & 1) << (8 * sizeof(T) - 1 - bit));
    }
    return result;
}

uint32_t byte_perm(uint32_t x, uint32_t y, uint32_t selector)
{
    uint8_t bytes[8];
    memcpy(bytes, &x, 4);
    memcpy(bytes + 4, &y, 4);
    uint32_t result = 0;
    for (int i = 3; i >= 0; i--) {
        result = result << 8 | bytes[selector >> 4 * i & 7];
    }
    return result;
}

/* Shifts one bit at a time through both words. */
uint32_t funnel(uint32_t low, uint32_t high, uint32_t shift, bool left)
{
    for (uint32_t i = 0; i < shift; i++) {
        if (left) {
            high = high << 1 | low >> 31;
            low <<= 1;
        } else {
            low = low >> 1 | high << 31;
            high >>= 1;
        }
    }
    return left ? high : low;
}

uint64_t high_half(uint64_t a, uint64_t b)
{
    uint64_t a0 = a & 0xffffffffu, a1 = a >> 32, b0 = b & 0xffffffffu, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t other = a0 * b1 + (middle & 0xffffffffu);
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

int64_t high_half_signed(int64_t a, int64_t b)
{
    auto high = high_half(static_cast<uint64_t>(a), static_cast<uint64_t>(b));
    high -= a < 0 ? static_cast<uint64_t>(b) : 0;
    high -= b < 0 ? static_cast<uint64_t>(a) : 0;
    return static_cast<int64_t>(high);
}

int32_t low24(int32_t value)
{
    uint32_t low = static_cast<uint32_t>(value) & 0xffffffu;
    return static_cast<int32_t>(low) - (low >> 23 ? 1 << 24 : 0);
}

int64_t floor_half(int64_t sum)
{
    return (sum - (sum % 2 + 2) % 2) / 2;
}

template <typename T> T dot(uint32_t a, uint32_t b, T sum)
{
    for (int i = 0; i < 4; i++) {
        if (std::is_signed<T>::value) {
            sum += static_cast<T>(static_cast<int8_t>(a >> 8 * i) * static_cast<int8_t>(b >> 8 * i));
        } else {
            sum += static_cast<T>((a >> 8 * i & 255) * (b >> 8 * i & 255));
        }
    }
    return sum;
}

std::vector<uint64_t> expected_bits(const Inputs &in)
{
    auto ia = static_cast<uint32_t>(in.i);
    auto ja = static_cast<uint32_t>(in.j);
    int64_t i = in.i, j = in.j;
    std::vector<uint64_t> all;
    auto put = [&](auto value) { all.push_back(bits_of(value)); };
    put(count_ones(in.a));
    put(count_ones(in.p));
    put(leading_zeros(ia));
    put(leading_zeros(in.p));
    put(first_one(ia));
    put(first_one(in.p));
    put(reversed(in.a));
    put(reversed(in.p));
    put(byte_perm(in.a, in.b, in.c));
    put(funnel(in.a, in.b, in.c % 32, true));
    put(funnel(in.a, in.b, std::min(in.c % 64, 32u), true));
    put(funnel(in.a, in.b, in.c % 32, false));
    put(funnel(in.a, in.b, std::min(in.c % 64, 32u), false));
    put(static_cast<int32_t>(i * j >> 32));
    put(static_cast<uint32_t>(uint64_t{in.a} * in.b >> 32));
    put(high_half_signed(static_cast<int64_t>(in.p), static_cast<int64_t>(in.q)));
    put(high_half(in.p, in.q));
    put(static_cast<uint32_t>(int64_t{low24(in.i)} * low24(in.j)));
    put(static_cast<uint32_t>(uint64_t{in.a % (1 << 24)} * (in.b % (1 << 24))));
    put(static_cast<uint32_t>(std::llabs(i - j)) + in.c);
    put(static_cast<uint32_t>(std::llabs(int64_t{in.a} - int64_t{in.b})) + in.c);
    put(static_cast<int32_t>(floor_half(i + j)));
    put(static_cast<int32_t>(floor_half(i + j + 1)));
    put(dot<int32_t>(ia, ja, 7));
    put(dot<uint32_t>(in.a, in.b, in.c));
    put(in.f);
    put(in.i);
    put(in.a);
    put(in.p);
    put(uint64_t{ia} << 32 | ja);
    put(static_cast<uint32_t>(bits_of(in.d) >> 32));
    put(static_cast<uint32_t>(bits_of(in.d)));
    put(static_cast<float>(static_cast<double>(in.f) * 3.0 + 1.0));
    put(in.i < in.j ? in.i : in.j);
    put(in.i > in.j ? in.i : in.j);
    put(in.a < ia ? in.a : ia);
    put(in.a > in.b ? in.a : in.b);
    put(in.p < in.q ? in.p : in.q);
    put(in.f > 0.5f ? in.f : 0.5f);
    put(in.d < 0.5 ? in.d : 0.5);
    put(in.p);
    put(in.i);
    put(in.d);
    put(in.p + in.a);
    put(in.q);
    put(32u);
    return all;
}

void test_bits(const TestImage &image)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        std::vector<Inputs> inputs = seeded(seed);
        size_t operations = expected_bits(inputs[0]).size();
        std::vector<uint64_t> out(operations * threads, untouched);
        image.run("bits", {{1, 1, 1}, {threads, 1, 1}}, inputs.data(), out.data());
        for (uint32_t t = 0; t < threads; t++) {
            std::vector<uint64_t> expected = expected_bits(inputs[t]);
            for (size_t operation = 0; operation < operations; operation++) {
                CHECK(out[operation * threads + t] == expected[operation],
                    "operation %zu of thread %u: %#llx is not %#llx", operation, t,
                    static_cast<unsigned long long>(out[operation * threads + t]),
                    static_cast<unsigned long long>(expected[operation]));
            }
        }
    }
}

/* What a lane must see, from all lanes of its warp. Undefined results are those read from a lane outside the mask. */
class WarpDefinition {
public:
    WarpDefinition(const Inputs *its_inputs, uint32_t its_mask, uint32_t its_width, uint32_t its_lane)
        : inputs(its_inputs), mask(its_mask), width(its_width), lane(its_lane)
    {
    }

    std::vector<uint64_t> expected(uint32_t delta)
    {
        uint32_t begin = lane / width * width;
        const Inputs &own = inputs[lane];
        put_from(begin + (static_cast<uint32_t>(own.j) & 31) % width, &Inputs::a);
        put_from(lane - begin >= delta ? lane - delta : lane, &Inputs::i);
        put_from(lane + delta < begin + width ? lane + delta : lane, &Inputs::p);
        put_from((lane ^ delta) < begin + width ? lane ^ delta : lane, &Inputs::d);
        put_from(static_cast<uint32_t>(own.i) % 32, &Inputs::f);
        put_from(lane < 31 ? lane + 1 : lane, &Inputs::q);

        auto lanes_where = [&](const std::function<bool(const Inputs &)> &holds) {
            uint32_t found = 0;
            for (uint32_t l = 0; l < 32; l++) {
                found |= (mask >> l & 1) && holds(inputs[l]) ? 1u << l : 0;
            }
            return found;
        };
        put(lanes_where([](const Inputs &in) { return (in.a & 4) != 0; }));
        put(static_cast<uint32_t>(lanes_where([](const Inputs &in) { return in.b % 64 == 0; }) != 0));
        put(static_cast<uint32_t>(lanes_where([](const Inputs &in) { return in.b % 64 != 0; }) == mask));
        uint32_t alike = lanes_where([&](const Inputs &in) { return in.a % 5 == own.a % 5; });
        put(alike);
        put(lanes_where([&](const Inputs &in) { return in.p % 3 == own.p % 3; }));
        put(alike == mask ? mask : 0);
        put(alike == mask ? 1 : 0);
        put(mask);
        put(1);

        reduce(&Inputs::a, 0u, [](uint32_t a, uint32_t b) { return a + b; });
        put(sum_of_i());
        reduce(&Inputs::i, INT32_MAX, [](int32_t a, int32_t b) { return a < b ? a : b; });
        reduce(&Inputs::i, INT32_MIN, [](int32_t a, int32_t b) { return a > b ? a : b; });
        reduce(&Inputs::a, UINT32_MAX, [](uint32_t a, uint32_t b) { return a < b ? a : b; });
        reduce(&Inputs::a, 0u, [](uint32_t a, uint32_t b) { return a > b ? a : b; });
        reduce(&Inputs::a, UINT32_MAX, [](uint32_t a, uint32_t b) { return a & (b | 0xf0f0f0f0u); });
        reduce(&Inputs::a, 0u, [](uint32_t a, uint32_t b) { return a | (b & 0x00ff00ffu); });
        reduce(&Inputs::a, 0u, [](uint32_t a, uint32_t b) { return a ^ b; });
        put(1);
        return all;
    }

    uint32_t undefined = 0; /* a bit for each operation */

private:
    template <typename T> void put(T value) { all.push_back(bits_of(value)); }

    template <typename T> void put_from(uint32_t source, T Inputs::*field)
    {
        if ((mask >> source & 1) == 0) {
            undefined |= 1u << all.size();
        }
        put(inputs[source].*field);
    }

    template <typename T, typename Operation> void reduce(T Inputs::*field, T start, Operation operation)
    {
        for (uint32_t l = 0; l < 32; l++) {
            if (mask >> l & 1) {
                start = operation(start, inputs[l].*field);
            }
        }
        put(start);
    }

    uint32_t sum_of_i() const
    {
        uint32_t sum = 0;
        for (uint32_t l = 0; l < 32; l++) {
            sum += mask >> l & 1 ? static_cast<uint32_t>(inputs[l].i) : 0;
        }
        return sum;
    }

    const Inputs *inputs;
    uint32_t mask, width, lane;
    std::vector<uint64_t> all;
};

void test_warps(const TestImage &image)
{
    Random random(7);
    for (uint64_t seed = 0; seed < 200; seed++) {
        std::vector<Inputs> inputs = seeded(seed);
        uint32_t mask = seed % 2 ? 0xffffffffu : static_cast<uint32_t>(random.next()) | 1u << seed % 32;
        uint32_t width = 1u << random.next() % 6;
        uint32_t delta = inputs[0].c % 32;
        constexpr size_t operations = 25;
        std::vector<uint64_t> out(operations * threads, untouched);
        image.run("warps", {{1, 1, 1}, {threads, 1, 1}, 0, false, seed}, inputs.data(), out.data(), mask,
            static_cast<int32_t>(width));
        for (uint32_t t = 0; t < threads; t++) {
            uint32_t lane = t % 32;
            WarpDefinition definition(&inputs[t - lane], mask, width, lane);
            std::vector<uint64_t> expected = definition.expected(delta);
            CHECK(expected.size() == operations, "%zu operations", expected.size());
            for (size_t operation = 0; operation < operations; operation++) {
                uint64_t found = out[operation * threads + t];
                if ((mask >> lane & 1) == 0) {
                    CHECK(found == untouched, "thread %u does not take part", t);
                } else if ((definition.undefined >> operation & 1) == 0) {
                    CHECK(found == expected[operation], "operation %zu of thread %u, mask %#x, width %u: %#llx is not %#llx",
                        operation, t, mask, width, static_cast<unsigned long long>(found),
                        static_cast<unsigned long long>(expected[operation]));
                }
            }
        }
    }
}

} // namespace

int main(int, char **arguments)
{
    /* Once with NVIDIA's vector types, if they are on this machine, and once with ours. */
    for (const char *name : {"intrinsics", "intrinsics_own_types"}) {
        TestImage image(arguments[1], name);
        test_bits(image);
        test_warps(image);
    }
    return 0;
}
