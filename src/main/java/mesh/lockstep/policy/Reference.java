package mesh.lockstep.policy;

import java.util.Comparator;

/// Another object that a policy names: what the policy says depends on what is there.
///
/// Ordered by kind and name: whoever names objects can give thousands of them one hash code, and
/// sets find those by their order.
///
/// @param kind as manifests say it
public record Reference(String kind, String name) implements Comparable<Reference> {

    public static final String CIDR_GROUP = "CiliumCIDRGroup";

    private static final Comparator<Reference> ORDER =
            Comparator.comparing(Reference::kind).thenComparing(Reference::name);

    @Override
    public int compareTo(Reference other) {
        return ORDER.compare(this, other);
    }
}
