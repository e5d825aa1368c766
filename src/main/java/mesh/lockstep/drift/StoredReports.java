package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.apiserver.OwnApi.Reply;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.vigil.Heartbeat;
import org.jboss.logging.Logger;

/// The reports that this cluster has, as far as they may be ours. Others may make any number of
/// them: there are bounds to what is read, far above what we write.
final class StoredReports {

    private static final Logger LOG = Logger.getLogger(StoredReports.class);

    /// In namespaces, and as many that are clusterwide.
    private static final int MAX_PAGES = 200;

    /// In all reports.
    private static final int MAX_RELATIONS = 100_000;

    private final Instant now;
    private final Set<PolicyKey> keys = new HashSet<>();
    private final List<Condition> conditions = new ArrayList<>();
    private int relations;

    StoredReports(Instant now) {
        this.now = now;
    }

    /// The policies that have a report.
    Set<PolicyKey> keys() {
        return keys;
    }

    /// What they say.
    List<Condition> conditions() {
        return conditions;
    }

    /// Reads them.
    ///
    /// @return an answer that was none; empty if all were read
    Optional<Reply> read(OwnApi api, ReportForm form, Heartbeat heartbeat)
            throws InterruptedException {
        for (var namespaced : List.of(true, false)) {
            var next = "";
            for (int page = 0; page < MAX_PAGES; page++) {
                heartbeat.beat();
                var reply = api.list(path(form.collection(namespaced), next), this::take);
                if (!reply.succeeded()) {
                    return Optional.of(reply);
                }
                next = reply.body().path("metadata").path("continue").asText();
                if (next.isEmpty()) {
                    break;
                }
            }
        }
        return Optional.empty();
    }

    private static String path(String collection, String next) {
        return collection
                + "?limit="
                + OwnApi.PAGE
                + "&labelSelector="
                + PolicyKey.encoded(Report.MANAGED_BY + "=" + Report.LOCKSTEP)
                + (next.isEmpty() ? "" : "&continue=" + PolicyKey.encoded(next));
    }

    /// One that cannot be read costs only itself.
    private void take(JsonNode report) {
        try {
            ReportReading.key(report).ifPresent(keys::add);
            if (relations < MAX_RELATIONS) {
                ReportReading.read(report, now).ifPresent(this::take);
            }
        } catch (RuntimeException e) {
            LOG.error("A report about drift cannot be read, and is ignored", e);
        }
    }

    private void take(Condition condition) {
        relations += condition.relations().size();
        conditions.add(condition);
    }
}
