package torrefy.core.random;

import java.util.Objects;

/// The numbers 0 to `count − 1` in random order, each computed when it is asked for: nothing is stored, so that 10^12
/// things are shuffled as cheaply as ten.
///
/// A Feistel network is a bijection of the numbers of 2k bits, whatever its keyed function f is: a round maps the
/// halves `(left, right)` to `(right, left ⊕ f(right))`, which can be undone. What falls outside 0 to `count − 1` goes
/// through the network again until it falls inside: a walk along the bijection's cycle, so that the result is a
/// bijection too. Here f is [Philox]; unless `count` is tiny, 4^k is less than four times as large, so that walks are
/// short. Source: Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, the cycle-walking cipher.
///
/// @param key names the order
/// @param count how many numbers, from 1 to 2^62
public record Permutation(RandomKey key, long count) {

    /// The fewest bits of a half. With one bit less, some orders of four numbers come a sixth too often.
    private static final int LEAST_HALF = 3;

    /// Four rounds suffice for long halves (Luby and Rackoff, SIAM J. Comput. 17, 1988); short ones gain by more.
    private static final int ROUNDS = 8;

    public Permutation {
        Objects.requireNonNull(key);
        if (count < 1 || count > 1L << 62) {
            throw new IllegalArgumentException("a permutation has from 1 to 2^62 numbers, got " + count);
        }
    }

    /// The number at place `index`.
    ///
    /// @throws IndexOutOfBoundsException unless `index` is from 0 to `count − 1`
    public long at(long index) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(count - 1);
        int half = Math.max(LEAST_HALF, (bits + 1) / 2);
        int[] words = new int[4];
        long number = Objects.checkIndex(index, count);
        do {
            number = network(number, half, words);
        } while (number >= count);
        return number;
    }

    private long network(long number, int half, int[] words) {
        long mask = (1L << half) - 1;
        long left = number >>> half;
        long right = number & mask;
        for (int round = 0; round < ROUNDS; round++) {
            key.words((long) round << 32 | right, words, 0);
            long mixed = left ^ words[0] & mask;
            left = right;
            right = mixed;
        }
        return left << half | right;
    }
}
