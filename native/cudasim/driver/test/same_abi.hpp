/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two function types are the same to a caller that knows only their binary interface. */
#ifndef GPUBENCH_CUDASIM_SAME_ABI_HPP
#define GPUBENCH_CUDASIM_SAME_ABI_HPP

#include <type_traits>

namespace cudasim::test {

template <typename A, typename B> constexpr bool same_value()
{
    constexpr bool integers =
        (std::is_integral_v<A> || std::is_enum_v<A>) && (std::is_integral_v<B> || std::is_enum_v<B>);
    constexpr bool pointers = std::is_pointer_v<A> && std::is_pointer_v<B>;
    if constexpr (std::is_same_v<A, B> || pointers) {
        return true;
    } else {
        return integers && sizeof(A) == sizeof(B);
    }
}

template <typename A, typename B> struct SameAbi : std::false_type {};

template <typename R, typename... A, typename S, typename... B> struct SameAbi<R(A...), S(B...)> {
    static constexpr bool value = [] {
        if constexpr (sizeof...(A) == sizeof...(B)) {
            return (same_value<R, S>() && ... && same_value<A, B>());
        } else {
            return false;
        }
    }();
};

} // namespace cudasim::test

#endif
