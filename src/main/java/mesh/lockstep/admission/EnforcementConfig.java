package mesh.lockstep.admission;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Set;
import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.rollout.Severity;

/// How strictly this cluster takes differences.
@ConfigMapping(prefix = "lockstep.enforcement")
public interface EnforcementConfig {

    /// `strict`, `deny`, `warn` or `audit`.
    @WithDefault("deny")
    Level level();

    /// Which levels a namespace's label `lockstep.mesh/enforce` may name: `any`, or `stricter` ones
    /// than [#level] only.
    @WithDefault("any")
    Enforcement.Labels namespaces();

    /// How a member that was not consulted is taken: `warn` or `deny`.
    @WithDefault("warn")
    OnUnknown unknown();

    /// Groups whose members are never refused; to become one takes the right to impersonate it.
    @WithDefault("lockstep:override")
    Set<String> overrideGroups();

    /// Not knowing is never just recorded.
    enum OnUnknown {
        WARN,
        DENY
    }

    /// The same in the terms of judging.
    default Enforcement enforcement() {
        return new Enforcement(
                level(),
                switch (unknown()) {
                    case WARN -> Severity.WARN;
                    case DENY -> Severity.DENY;
                },
                overrideGroups(),
                namespaces());
    }
}
