package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.peers.Answer.Given;
import mesh.lockstep.rollout.MemberSettings;

/// A member's settings, and the names of its CIDR groups, read again every now and then. One thread
/// reads them, any number asks.
final class SettingsReading {

    /// The second is that of Cilium before 1.18.
    private static final List<String> GROUP_VERSIONS = List.of("v2", "v2alpha1");

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final PeerApi api;
    private final Pool pool;
    private volatile Optional<MemberSettings> known = Optional.empty();
    private volatile Optional<Set<String>> cidrGroups = Optional.empty();
    private Deadline next = Deadline.in(Duration.ZERO);

    SettingsReading(PeerApi api, Pool pool) {
        this.api = api;
        this.pool = pool;
    }

    /// Empty until they were read, or where we may not read them.
    Optional<MemberSettings> known() {
        return known;
    }

    /// Empty until they were read, or where we may not read them.
    Optional<Set<String>> cidrGroups() {
        return cidrGroups;
    }

    /// Reads them, if it is time; what cannot be read now stays as it was.
    void keepUp() throws InterruptedException {
        if (!next.isPast()) {
            return;
        }
        next = Deadline.in(EVERY);
        for (var version : GROUP_VERSIONS) {
            var names = groups(version);
            if (names.isPresent()) {
                cidrGroups = Optional.of(pool.shared(names.get()));
                break;
            }
        }
        if (api.ciliumConfig(TIMEOUT) instanceof Given(var map, _) && map.path("data").isObject()) {
            var configuration = new HashMap<String, String>();
            map.path("data")
                    .properties()
                    .forEach(it -> configuration.put(it.getKey(), it.getValue().asText()));
            known = Optional.of(pool.shared(MemberSettings.of(configuration, schema())));
        }
    }

    /// Empty if that version of their kind is not served, or they cannot be read now.
    private Optional<Set<String>> groups(String version) throws InterruptedException {
        var names = new HashSet<String>();
        var page = "";
        do {
            var answer = api.cidrGroups(version, page, it -> names.add(name(it)));
            if (!(answer instanceof Given(var list, _) && isPage(list))) {
                return Optional.empty();
            }
            page = list.path("metadata").path("continue").asText();
        } while (!page.isEmpty());
        return Optional.of(Set.copyOf(names));
    }

    /// Of none, an API server says `"items": null` in this form.
    private static boolean isPage(JsonNode list) {
        return list.has("items")
                && !list.path("metadata").path("resourceVersion").asText().isEmpty();
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private Optional<String> schema() throws InterruptedException {
        return api.policyDefinition(TIMEOUT) instanceof Given(var definition, _)
                ? schema(definition)
                : Optional.empty();
    }

    /// The version of the policies' schema, as the label of their definition has it.
    static Optional<String> schema(JsonNode definition) {
        var label = definition.path("metadata").path("labels").path(MemberSettings.SCHEMA);
        return Optional.of(label.asText()).filter(it -> !it.isEmpty());
    }
}
