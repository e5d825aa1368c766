package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mesh.lockstep.policy.ClusterName;

/// What makes the same policy work differently in other members, as an object of the API: one for
/// the cluster, about Cilium's configuration, with a result for each setting and peer, and for each
/// CIDR group that members lack.
final class SettingsReport {

    /// Reports about policies have longer names.
    static final String NAME = "lockstep";

    private static final Comparator<SettingRow> ORDER =
            Comparator.comparing(SettingRow::peer).thenComparing(SettingRow::setting);

    private static final String GROUP = "cidrGroup";
    private static final String MISSING_IN = "missingIn";

    /// An API server keeps no object of more than 1.5 MB.
    private static final int MAX_GROUPS = 200;

    private SettingsReport() {}

    /// A report to be applied; empty where there is nothing to report.
    ///
    /// @param there what is reported already: of members of whom we do not know, it stays
    static Optional<ObjectNode> of(SettingRows now, ReportForm form, JsonNode there) {
        var kept =
                read(there)
                        .filter(it -> ClusterName.isValid(it.peer()))
                        .filter(it -> now.unknown().contains(new ClusterName(it.peer())));
        var settings = Stream.concat(now.rows().stream(), kept).sorted(ORDER).toList();
        var groups = groups(now.groups(), there);
        return settings.isEmpty() && groups.isEmpty()
                ? Optional.empty()
                : Optional.of(of(settings, groups, form));
    }

    private static List<GroupRow> groups(GroupRows now, JsonNode there) {
        var missing = new TreeMap<String, Set<String>>();
        now.rows().forEach(it -> missing.put(it.group(), new TreeSet<>(it.missingIn())));
        for (var result : there.path("results")) {
            var said = result.path("properties");
            for (var member : said.path(MISSING_IN).asText().split(", ", -1)) {
                if (now.notRead().contains(member)) {
                    missing.computeIfAbsent(said.path(GROUP).asText(), _ -> new TreeSet<>())
                            .add(member);
                }
            }
        }
        return missing.entrySet().stream()
                .map(it -> new GroupRow(it.getKey(), List.copyOf(it.getValue())))
                .limit(MAX_GROUPS)
                .toList();
    }

    private static ObjectNode of(
            List<SettingRow> settings, List<GroupRow> groups, ReportForm form) {
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
                .put("warn", settings.size() + groups.size())
                .put("error", 0)
                .put("skip", 0);
        var results = report.putArray("results");
        settings.forEach(it -> result(it, results.addObject()));
        groups.forEach(it -> result(it, results.addObject()));
        return report;
    }

    private static void result(GroupRow row, ObjectNode result) {
        result.put("source", Report.LOCKSTEP)
                .put("policy", "same-cidr-groups-in-every-member")
                .put("rule", "ciliumcidrgroup/" + row.group())
                .put("result", "warn")
                .put(
                        "message",
                        "policies name the CIDR group %s, which is missing in %s: there it stands for no addresses"
                                .formatted(row.group(), row.members()));
        result.putObject("properties")
                .put(GROUP, row.group())
                .put(MISSING_IN, String.join(", ", row.missingIn()));
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
