package mesh.lockstep.policy;

import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// A block of IP addresses: `10.0.0.0/8`, `2001:db8::/32`.
///
/// @param high the first 64 bits of the address, the 32 of IPv4 leftmost; masked
/// @param low the other 64 bits, 0 for IPv4; masked
/// @param bits how many of the leftmost bits all addresses share
public record AddressBlock(boolean v6, long high, long low, int bits)
        implements Comparable<AddressBlock> {

    private static final Comparator<AddressBlock> ORDER =
            Comparator.comparingInt((AddressBlock block) -> block.v6 ? 1 : 0)
                    .thenComparing(AddressBlock::high, Long::compareUnsigned)
                    .thenComparing(AddressBlock::low, Long::compareUnsigned)
                    .thenComparingInt(AddressBlock::bits);

    public AddressBlock {
        if (bits < 0 || bits > (v6 ? 128 : 32)) {
            throw new IllegalArgumentException("no prefix has " + bits + " bits");
        }
        high &= mask(bits);
        low &= mask(bits - Long.SIZE);
    }

    /// Whether all addresses of `other` are in this block.
    public boolean contains(AddressBlock other) {
        return v6 == other.v6
                && bits <= other.bits
                && high == (other.high & mask(bits))
                && low == (other.low & mask(bits - Long.SIZE));
    }

    /// Two blocks share addresses only if one contains the other.
    public boolean overlaps(AddressBlock other) {
        return contains(other) || other.contains(this);
    }

    /// Whether one of these blocks contains this one.
    ///
    /// @param blocks sorted, none inside another, so that only the last before this one may
    public boolean isInside(List<AddressBlock> blocks) {
        var at = Collections.binarySearch(blocks, this);
        var before = at >= 0 ? at : -at - 2;
        return before >= 0 && blocks.get(before).contains(this);
    }

    private static long mask(int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
    }

    /// A block before the blocks inside it.
    @Override
    public int compareTo(AddressBlock other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return (v6 ? groups() : octets()) + "/" + bits;
    }

    private String octets() {
        return (high >>> 56)
                + "."
                + ((high >>> 48) & 0xff)
                + "."
                + ((high >>> 40) & 0xff)
                + "."
                + ((high >>> 32) & 0xff);
    }

    /// RFC 5952: lower case, and the longest run of zeros, from two groups on, as `::`.
    private String groups() {
        var hex = HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
        var groups = hex.replaceAll("(.{4})", ":$1").replaceAll(":0{1,3}", ":").substring(1);
        for (int length = 8; length >= 2; length--) {
            var zeros = ":0".repeat(length);
            var at = (":" + groups + ":").indexOf(zeros + ":");
            if (at >= 0) {
                var shortened = (":" + groups).substring(0, at) + "::";
                var rest = (":" + groups).substring(at + zeros.length());
                return shortened.substring(at == 0 ? 0 : 1)
                        + (rest.isEmpty() ? "" : rest.substring(1));
            }
        }
        return groups;
    }
}
