package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Lost;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.MemberSettings;

/// What is known of a member besides its policies, read again from time to time. One thread reads,
/// any number asks.
public final class FactsReading {

    /// The second is that of Cilium before 1.18.
    private static final List<String> GROUP_VERSIONS = List.of("v2", "v2alpha1");

    /// Nobody has 10,000 groups, and nobody is to fill our memory with their names. A page has
    /// [PeerApi#PAGE] at most.
    private static final int MAX_PAGES = 20;

    /// The bound of a value that is kept; those that count are a word or a number.
    private static final int LONGEST_VALUE = 253;

    private static final int NOT_FOUND = 404;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final PeerApi api;
    private final Pool pool;
    private final Duration every;
    private volatile MemberFacts known = MemberFacts.UNKNOWN;
    private Deadline next = Deadline.in(Duration.ZERO);

    /// @param every how often they are read
    public FactsReading(PeerApi api, Pool pool, Duration every) {
        this.api = api;
        this.pool = pool;
        this.every = every;
    }

    public MemberFacts known() {
        return known;
    }

    /// Reads, if it is time; what cannot be read now stays as it was.
    public void keepUp() throws InterruptedException {
        if (!next.isPast()) {
            return;
        }
        next = Deadline.in(every);
        readConfiguration();
        readGroups();
    }

    private void readConfiguration() throws InterruptedException {
        if (api.ciliumConfig(TIMEOUT) instanceof Given(var map, _) && isConfigured(map)) {
            var configuration = configuration(map);
            known =
                    known.configured(
                            pool.shared(MemberSettings.of(configuration, schema())),
                            Optional.of(configuration.getOrDefault(MemberSettings.NAME, ""))
                                    .filter(ClusterName::isValid)
                                    .map(ClusterName::new));
        }
    }

    /// Whether a ConfigMap has settings at all.
    static boolean isConfigured(JsonNode map) {
        return map.path("data").isObject();
    }

    /// The settings of Cilium in a ConfigMap, each up to a bound that those which count never
    /// reach.
    static Map<String, String> configuration(JsonNode map) {
        var configuration = new HashMap<String, String>();
        for (var setting : map.path("data").properties()) {
            configuration.put(setting.getKey(), value(setting.getValue()));
        }
        return configuration;
    }

    private static String value(JsonNode value) {
        var text = value.asText();
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE);
    }

    /// Where they may not be listed, or the kind is not installed, they are no longer known.
    private void readGroups() throws InterruptedException {
        var deadline = Deadline.in(TIMEOUT);
        for (var version : GROUP_VERSIONS) {
            var names = new HashSet<String>();
            switch (list(version, deadline, names)) {
                case Given _ -> {
                    known = known.withCidrGroups(Optional.of(pool.shared(names)));
                    return;
                }
                case Rejected rejected when rejected.code() == NOT_FOUND -> {}
                case Rejected rejected when Trouble.REFUSALS.contains(rejected.code()) -> {
                    known = known.withCidrGroups(Optional.empty());
                    return;
                }
                case Rejected _, Lost _ -> {
                    return;
                }
            }
        }
        known = known.withCidrGroups(Optional.empty());
    }

    /// The answer with the last page, or what was answered in the place of one.
    private Answer list(String version, Deadline deadline, Set<String> names)
            throws InterruptedException {
        var next = "";
        for (int i = 0; i < MAX_PAGES; i++) {
            var answer = api.cidrGroups(version, next, deadline, node -> add(node, names));
            if (!(answer instanceof Given(var page, _))) {
                return answer;
            }
            next = page.path("metadata").path("continue").asText();
            if (!isPage(page)) {
                return new Lost("unexpected answer");
            }
            if (next.isEmpty()) {
                return answer;
            }
        }
        return new Lost("more than " + MAX_PAGES + " pages");
    }

    private static void add(JsonNode object, Set<String> names) {
        var name = object.path("metadata").path("name").asText();
        if (name.length() <= PolicyKey.LONGEST_NAME) {
            names.add(name);
        }
    }

    /// For an empty list, an API server sends `"items": null` in this form.
    private static boolean isPage(JsonNode list) {
        return list.has("items")
                && !list.path("metadata").path("resourceVersion").asText().isEmpty();
    }

    private Optional<String> schema() throws InterruptedException {
        return api.policyDefinition(TIMEOUT) instanceof Given(var definition, _)
                ? schema(definition)
                : Optional.empty();
    }

    /// The version of the policies' schema, as the label of their definition has it.
    static Optional<String> schema(JsonNode definition) {
        var label = definition.path("metadata").path("labels").path(MemberSettings.SCHEMA);
        return Optional.of(value(label)).filter(text -> !text.isEmpty());
    }
}
