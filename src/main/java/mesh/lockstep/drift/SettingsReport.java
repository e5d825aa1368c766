package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
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

    /// The bound for what is kept: others may have written it.
    private static final int MAX_KEPT = 1000;

    private static final int MAX_TEXT = 300;

    private SettingsReport() {}

    /// A report to be applied; empty where there is nothing to report.
    ///
    /// @param rest policies that have no report of their own, by the peer from which they differ
    /// @param there what is reported already: for members about which we do not know, it stays
    static Optional<ObjectNode> of(
            SettingRows now,
            SortedMap<ClusterName, Shares.Rest> rest,
            ReportForm form,
            JsonNode there) {
        var kept =
                read(there)
                        .filter(it -> ClusterName.isValid(it.peer()))
                        .filter(it -> now.unknown().contains(new ClusterName(it.peer())));
        var settings = Stream.concat(now.rows().stream(), kept).sorted(ORDER).toList();
        var groups = groups(now.groups(), there);
        return settings.isEmpty() && groups.isEmpty() && rest.isEmpty()
                ? Optional.empty()
                : Optional.of(of(settings, groups, rest, form));
    }

    private static List<GroupRow> groups(GroupRows now, JsonNode there) {
        var missing = new TreeMap<String, Set<String>>();
        now.rows().forEach(it -> missing.put(it.group(), new TreeSet<>(it.missingIn())));
        said(there)
                .filter(it -> isShort(it.path(GROUP).asText()))
                .forEach(
                        said -> {
                            for (var member : said.path(MISSING_IN).asText().split(", ", -1)) {
                                if (now.notRead().contains(member)) {
                                    missing.computeIfAbsent(
                                                    said.path(GROUP).asText(), _ -> new TreeSet<>())
                                            .add(member);
                                }
                            }
                        });
        return missing.entrySet().stream()
                .map(it -> new GroupRow(it.getKey(), List.copyOf(it.getValue())))
                .limit(MAX_GROUPS)
                .toList();
    }

    private static ObjectNode of(
            List<SettingRow> settings,
            List<GroupRow> groups,
            SortedMap<ClusterName, Shares.Rest> rest,
            ReportForm form) {
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
                .put("fail", rest.size())
                .put("warn", settings.size() + groups.size())
                .put("error", 0)
                .put("skip", 0);
        var results = report.putArray("results");
        settings.forEach(it -> result(it, results.addObject()));
        groups.forEach(it -> result(it, results.addObject()));
        rest.forEach((peer, it) -> result(peer, it, results.addObject()));
        return report;
    }

    private static void result(ClusterName peer, Shares.Rest rest, ObjectNode result) {
        result.put("source", Report.LOCKSTEP)
                .put("policy", "same-in-every-member")
                .put("rule", peer.value())
                .put("result", "fail")
                .put(
                        "message",
                        "%d more policies differ from %s than have reports of their own: %s; /mesh/policies lists all"
                                .formatted(rest.count(), peer, rest.named()));
    }

    private static void result(GroupRow row, ObjectNode result) {
        result.put("source", Report.LOCKSTEP)
                .put("policy", "same-cidr-groups-in-every-member")
                .put("rule", "ciliumcidrgroup/" + row.group())
                .put("result", "warn")
                .put(
                        "message",
                        "policies use the CIDR group %s, which is missing in %s; there it matches no addresses"
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
                        "%s is \"%s\" here and \"%s\" in %s: the same policy may behave differently there"
                                .formatted(row.setting(), row.here(), row.there(), row.peer()));
        result.putObject("properties")
                .put("peer", row.peer())
                .put("setting", row.setting())
                .put("here", row.here())
                .put("there", row.there());
    }

    private static Stream<JsonNode> said(JsonNode report) {
        return report.path("results")
                .valueStream()
                .limit(MAX_KEPT)
                .map(it -> it.path("properties"));
    }

    private static boolean isShort(String text) {
        return text.length() <= MAX_TEXT;
    }

    private static Stream<SettingRow> read(JsonNode report) {
        return said(report)
                .filter(
                        it ->
                                it.properties().stream()
                                        .allMatch(that -> isShort(that.getValue().asText())))
                .map(
                        it ->
                                new SettingRow(
                                        it.path("setting").asText(),
                                        it.path("here").asText(),
                                        it.path("peer").asText(),
                                        it.path("there").asText()));
    }
}
