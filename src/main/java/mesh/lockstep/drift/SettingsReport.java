package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Names;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Departures.Departure;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Departures.LackedGroup;
import mesh.lockstep.rollout.Departures.OtherSetting;

/// What makes the same policy behave differently in other members, as an object of the API: one for
/// the cluster, about Cilium's configuration, with a result for each setting and peer, and for each
/// CIDR group that members lack.
final class SettingsReport {

    /// Reports about policies have longer names.
    static final String NAME = "lockstep";

    private static final Comparator<OtherSetting> ORDER =
            Comparator.comparing(OtherSetting::peer).thenComparing(OtherSetting::setting);

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
            Departures now,
            SortedMap<ClusterName, Shares.Rest> rest,
            ReportForm form,
            JsonNode there) {
        var departures = new ArrayList<Departure>(settings(now.settings(), there));
        departures.addAll(groups(now.groups(), there));
        return departures.isEmpty() && rest.isEmpty()
                ? Optional.empty()
                : Optional.of(of(departures, rest, form));
    }

    private static List<OtherSetting> settings(Found<OtherSetting> now, JsonNode there) {
        var kept = read(there).filter(setting -> now.unknown().contains(setting.peer()));
        return Stream.concat(now.all().stream(), kept).sorted(ORDER).toList();
    }

    private static List<LackedGroup> groups(Found<LackedGroup> now, JsonNode there) {
        var missing = new TreeMap<String, SortedSet<ClusterName>>();
        now.all().forEach(group -> missing.put(group.group(), new TreeSet<>(group.missingIn())));
        said(there)
                .filter(node -> isShort(node.path(GROUP).asText()))
                .forEach(node -> keep(node, now.unknown(), missing));
        return missing.entrySet().stream()
                .map(entry -> new LackedGroup(entry.getKey(), List.copyOf(entry.getValue())))
                .limit(MAX_GROUPS)
                .toList();
    }

    /// What is said, about a group, of members about which we do not know.
    private static void keep(
            JsonNode said,
            Set<ClusterName> unknown,
            SortedMap<String, SortedSet<ClusterName>> missing) {
        for (var name : said.path(MISSING_IN).asText().split(", ", -1)) {
            if (ClusterName.isValid(name) && unknown.contains(new ClusterName(name))) {
                missing.computeIfAbsent(said.path(GROUP).asText(), _ -> new TreeSet<>())
                        .add(new ClusterName(name));
            }
        }
    }

    private static ObjectNode of(
            List<Departure> departures, SortedMap<ClusterName, Shares.Rest> rest, ReportForm form) {
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
                .put("warn", departures.size())
                .put("error", 0)
                .put("skip", 0);
        var results = report.putArray("results");
        departures.forEach(departure -> result(departure, results.addObject()));
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
                        "%d more policies differ from %s, or are not enforced there, than have reports of their own: %s; /mesh/policies lists all"
                                .formatted(rest.count(), peer, rest.named()));
    }

    private static void result(Departure departure, ObjectNode result) {
        switch (departure) {
            case LackedGroup it -> result(it, result);
            case OtherSetting it -> result(it, result);
        }
    }

    private static void result(LackedGroup departure, ObjectNode result) {
        var members = departure.missingIn().stream().map(ClusterName::value).toList();
        result.put("source", Report.LOCKSTEP)
                .put("policy", "same-cidr-groups-in-every-member")
                .put("rule", "ciliumcidrgroup/" + departure.group())
                .put("result", "warn")
                .put(
                        "message",
                        "policies use the CIDR group %s, which is missing in %s; there it matches no addresses"
                                .formatted(departure.group(), Names.first(members, ", ")));
        result.putObject("properties")
                .put(GROUP, departure.group())
                .put(MISSING_IN, String.join(", ", members));
    }

    private static void result(OtherSetting departure, ObjectNode result) {
        var setting = departure.setting();
        var here = departure.here();
        var peer = departure.peer().value();
        var there = departure.there();
        result.put("source", Report.LOCKSTEP)
                .put("policy", "same-settings-in-every-member")
                .put("rule", setting)
                .put("result", "warn")
                .put(
                        "message",
                        "%s is \"%s\" here and \"%s\" in %s: the same policy may behave differently there"
                                .formatted(setting, here, there, peer));
        result.putObject("properties")
                .put("peer", peer)
                .put("setting", setting)
                .put("here", here)
                .put("there", there);
    }

    private static Stream<JsonNode> said(JsonNode report) {
        return report.path("results")
                .valueStream()
                .limit(MAX_KEPT)
                .map(node -> node.path("properties"));
    }

    private static boolean isShort(String text) {
        return text.length() <= MAX_TEXT;
    }

    private static Stream<OtherSetting> read(JsonNode report) {
        return said(report)
                .filter(node -> node.valueStream().allMatch(text -> isShort(text.asText())))
                .filter(node -> ClusterName.isValid(node.path("peer").asText()))
                .map(SettingsReport::setting);
    }

    private static OtherSetting setting(JsonNode said) {
        return new OtherSetting(
                said.path("setting").asText(),
                said.path("here").asText(),
                new ClusterName(said.path("peer").asText()),
                said.path("there").asText());
    }
}
