package mesh.lockstep.peers;

import java.security.SecureRandom;

/// Hash codes of texts that nobody can choose: the text as a polynomial modulo a prime number, at a
/// place that nobody knows. Two texts have the same with a probability of their length in 2^61.
final class SecretHash {

    private static final long PRIME = (1L << 61) - 1;

    private final long place = new SecureRandom().nextLong(1L << 32, PRIME);

    /// @param before what comes before the text, as another text's hash
    long of(long before, String text) {
        long hash = added(times(before), text.length());
        for (int i = 0; i < text.length(); i++) {
            hash = added(times(hash), text.charAt(i));
        }
        return hash;
    }

    private long times(long hash) {
        long high = Math.multiplyHigh(hash, place);
        long low = hash * place;
        return added((high << 3) | (low >>> 61), low & PRIME);
    }

    private static long added(long one, long other) {
        long sum = one + other;
        return sum >= PRIME ? sum - PRIME : sum;
    }
}
