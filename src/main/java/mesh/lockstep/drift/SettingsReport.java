package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mesh.lockstep.policy.ClusterName;

/// The settings that peers have differently, as an object of the API: one for the cluster, about
/// Cilium's configuration, with a result for each setting and peer.
final class SettingsReport {

    /// Reports about policies have longer names.
    static final String NAME = "lockstep";

    private static final Comparator<SettingRow> ORDER =
            Comparator.comparing(SettingRow::peer).thenComparing(SettingRow::setting);

    private SettingsReport() {}

    /// A report to be applied; empty where there is nothing to report.
    ///
    /// @param there what is reported already: of members whose settings we do not know, it stays
    static Optional<ObjectNode> of(SettingRows settings, ReportForm form, JsonNode there) {
        var kept =
                read(there)
                        .filter(it -> ClusterName.isValid(it.peer()))
                        .filter(it -> settings.unknown().contains(new ClusterName(it.peer())));
        var rows = Stream.concat(settings.rows().stream(), kept).sorted(ORDER).toList();
        return rows.isEmpty() ? Optional.empty() : Optional.of(of(rows, form));
    }

    private static ObjectNode of(List<SettingRow> rows, ReportForm form) {
        var report = JsonNodeFactory.instance.objectNode();
        report.put("apiVersion", form.apiVersion()).put("kind", form.kindOfCluster());
        var metadata = report.putObject("metadata").put("name", NAME);
        metadata.putObject("labels").put(Report.MANAGED_BY, Report.LOCKSTEP);
        report.putObject("scope")
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put("namespace", "kube-system")
                .put("name", "cilium-config");
        report.putObject("summary")
                .put("pass", 0)
                .put("fail", 0)
                .put("warn", rows.size())
                .put("error", 0)
                .put("skip", 0);
        var results = report.putArray("results");
        rows.forEach(it -> result(it, results.addObject()));
        return report;
    }

    private static void result(SettingRow row, ObjectNode result) {
        result.put("source", Report.LOCKSTEP)
                .put("policy", "same-settings-in-every-member")
                .put("rule", row.setting())
                .put("result", "warn")
                .put(
                        "message",
                        "%s is \"%s\" here and \"%s\" in %s: the same policy may work differently there"
                                .formatted(row.setting(), row.here(), row.there(), row.peer()));
        result.putObject("properties")
                .put("peer", row.peer())
                .put("setting", row.setting())
                .put("here", row.here())
                .put("there", row.there());
    }

    private static Stream<SettingRow> read(JsonNode report) {
        return StreamSupport.stream(report.path("results").spliterator(), false)
                .map(it -> it.path("properties"))
                .map(
                        it ->
                                new SettingRow(
                                        it.path("setting").asText(),
                                        it.path("here").asText(),
                                        it.path("peer").asText(),
                                        it.path("there").asText()));
    }
}
