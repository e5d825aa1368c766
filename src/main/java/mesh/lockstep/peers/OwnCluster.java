package mesh.lockstep.peers;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Meanings;
import mesh.lockstep.policy.News;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.rollout.MemberSettings;
import mesh.lockstep.vigil.Heartbeat;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The cluster this webhook runs in: its name as it is configured, or else as Cilium has it, and
/// the Cilium settings that matter for judging. Until the name is known, we cannot tell a peer from
/// ourselves.
@Singleton
public class OwnCluster {

    private static final Logger LOG = Logger.getLogger(OwnCluster.class);

    private static final int NOT_FOUND = 404;
    private static final int MAX_NAME = 60;
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final OwnApi api;
    private volatile @Nullable ClusterName name;
    private volatile Map<String, String> settings = Map.of();
    private volatile @Nullable String uid;
    private volatile Settings reading = Settings.DEFAULTS;
    private final Meanings meanings = new Meanings();
    private boolean settled;
    private long lastRead = System.nanoTime();
    private final News<String> news = new News<>();

    OwnCluster(ClusterConfig config, OwnApi api) {
        this.api = api;
        this.name = config.name().map(ClusterName::new).orElse(null);
    }

    /// Empty until it is known.
    public Optional<ClusterName> name() {
        return Optional.ofNullable(name);
    }

    /// The uid of the namespace `kube-system`, which identifies a cluster; empty until it was read.
    Optional<String> uid() {
        return Optional.ofNullable(uid);
    }

    /// Whether a namespace that does not say is shared with the mesh. Cilium's own default is yes.
    boolean sharesNamespacesByDefault() {
        return !"false".equals(settings.get(MemberSettings.SHARED_BY_DEFAULT));
    }

    /// A reader of what this cluster holds, with Cilium's settings as they were first read: digests
    /// that were made with others could not be compared. All readers share what they remember.
    public PolicyReader reader() {
        return new PolicyReader(reading, name()).with(meanings);
    }

    /// Tries until the name is known.
    ClusterName await(Heartbeat heartbeat) throws InterruptedException {
        var backoff = Pace.ordinary(EVERY).backoff();
        while (true) {
            heartbeat.beat();
            read();
            var known = name;
            if (known != null) {
                LOG.infof("This is cluster %s", known);
                return known;
            }
            backoff.pause();
        }
    }

    /// Reads the settings again when it is time: they may change while we run. The name stays.
    void keepUp() throws InterruptedException {
        if (System.nanoTime() - lastRead > EVERY.toNanos()) {
            read();
        }
    }

    void read() throws InterruptedException {
        lastRead = System.nanoTime();
        try {
            if (uid == null) {
                var namespace = api.getMetadata("/" + PeerApi.KUBE_SYSTEM).body();
                uid = namespace.path("metadata").path("uid").textValue();
            }
            take(api.get("/" + PeerApi.CILIUM_CONFIG));
        } catch (RuntimeException e) {
            // Whatever it is, there is nothing to do but to try on.
            report(Cause.of(e));
        }
    }

    private void take(OwnApi.Reply config) throws InterruptedException {
        if (config.succeeded() && FactsReading.isConfigured(config.body())) {
            settings = FactsReading.configuration(config.body());
            takeReading(Optional.ofNullable(settings.get(MemberSettings.LOCAL_BY_DEFAULT)));
            takeName(settings.getOrDefault(MemberSettings.NAME, ""));
        } else if (config.succeeded() || config.code() == NOT_FOUND) {
            report("it is missing");
        } else {
            report(config.problem());
        }
    }

    private void takeReading(Optional<String> localByDefault) throws InterruptedException {
        if (!settled) {
            reading =
                    Settings.of(
                            localByDefault, localByDefault.isEmpty() ? schema() : Optional.empty());
            settled = true;
        } else if (localByDefault
                .filter(text -> !Settings.of(Optional.of(text), Optional.empty()).equals(reading))
                .isPresent()) {
            report(
                    "its key "
                            + MemberSettings.LOCAL_BY_DEFAULT
                            + " was changed; this takes effect after a restart");
        }
    }

    /// Tells the version of Cilium, whose default counts where the key is not there.
    private Optional<String> schema() throws InterruptedException {
        return FactsReading.schema(api.getMetadata("/" + PeerApi.POLICY_DEFINITION).body());
    }

    /// Once known, the name stays: peers, digests and reports were made by it.
    private void takeName(String value) {
        var known = name;
        if (known == null && ClusterName.isValid(value)) {
            name = new ClusterName(value);
        } else if (known == null) {
            report("its key " + MemberSettings.NAME + " has no cluster name");
        } else if (!known.value().equals(value) && !value.isEmpty()) {
            reportRenaming(known, value);
        }
    }

    private void reportRenaming(ClusterName known, String value) {
        if (news.isNew(MemberSettings.NAME, value)) {
            LOG.warnf(
                    "ConfigMap kube-system/cilium-config calls this cluster %s; Lockstep goes on as %s. If it was renamed, rename it for"
                            + " the other members by k8s/connect.sh, and restart Lockstep here; if not, see"
                            + " lockstep.cluster.name",
                    Clean.line(value, MAX_NAME), known);
        }
    }

    private void report(String problem) {
        // A thread that is interrupted is asked to stop, and has no news.
        if (!Thread.currentThread().isInterrupted() && news.isNew("settings", problem)) {
            LOG.warnf(
                    "Cilium's settings cannot be read from ConfigMap kube-system/cilium-config: %s. Will retry. Until then"
                            + " lockstep.cluster.name must name the cluster, and Cilium's defaults apply",
                    problem);
        }
    }
}
