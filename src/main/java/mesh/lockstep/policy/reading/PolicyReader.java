package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Meanings;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Spec;

/// Reads a policy from the tree that an API server sends.
///
/// Any spec is read, even one that Cilium would reject: that one is compared as written.
///
/// @param settings of Cilium, in the cluster whose policies are read
/// @param holder that cluster, whose name a relative policy means as "here"; empty if it is not
///   known
/// @param clock tells which revisions are allowed
/// @param meanings of what was read before
public record PolicyReader(
        Settings settings, Optional<ClusterName> holder, InstantSource clock, Meanings meanings) {

    /// Which reading this is: another one for each change by which the same policy may have another
    /// digest. What was remembered by another is worth nothing.
    static final int READING = 6;

    /// A reader with Cilium's own settings, for policies of which it is not known which cluster
    /// holds them.
    public PolicyReader() {
        this(Settings.DEFAULTS);
    }

    public PolicyReader(Settings settings) {
        this(settings, Optional.empty());
    }

    public PolicyReader(Settings settings, Optional<ClusterName> holder) {
        this(settings, holder, InstantSource.system());
    }

    public PolicyReader(Settings settings, Optional<ClusterName> holder, InstantSource clock) {
        this(settings, holder, clock, Meanings.NONE);
    }

    /// A reader of what one cluster holds.
    public PolicyReader in(ClusterName cluster) {
        return new PolicyReader(settings, Optional.of(cluster), clock, meanings);
    }

    /// The same, which remembers.
    public PolicyReader with(Meanings memory) {
        return new PolicyReader(settings, holder, clock, memory);
    }

    /// Tells whether digests that another reader made can be compared with those of this one.
    public Fingerprint fingerprint() {
        var cluster = holder.map(ClusterName::value).orElse("");
        return Fingerprint.of(READING + "\n" + settings.defaultLocalCluster() + "\n" + cluster);
    }

    /// Reads a whole object.
    ///
    /// @param object of it only `spec`, `specs` and our annotations count
    public Policy read(PolicyKey key, JsonNode object) {
        var intent = Intent.of(object, clock.instant());
        var spec = spec(key, object, intent);
        return new Policy(key, intent, spec, meaning(key, spec));
    }

    /// Reads another copy of a policy. What its rules mean is worked out only if they are others.
    public Policy read(PolicyKey key, JsonNode object, Policy copy) {
        var intent = Intent.of(object, clock.instant());
        var spec = spec(key, object, intent);
        var meaning = spec.readsLike(copy.spec()) ? copy.meaning() : meaning(key, spec);
        return new Policy(key, intent, spec, meaning);
    }

    private Meaning meaning(PolicyKey key, Spec spec) {
        return meanings.of(key.path() + "\n" + settings, spec);
    }

    private Spec spec(PolicyKey key, JsonNode object, Intent intent) {
        var readAsHere = holder.filter(_ -> intent.relative()).map(ClusterName::value);
        return Spec.of(object, new Preparation(readAsHere)::prepared, reading(key));
    }

    /// What the rules of such a policy mean.
    private Function<List<JsonNode>, Meaning> reading(PolicyKey key) {
        return switch (key.kind()) {
            case CILIUM_NETWORK_POLICY, CILIUM_CLUSTERWIDE_NETWORK_POLICY ->
                    new SpecReading(key, settings);
        };
    }
}
