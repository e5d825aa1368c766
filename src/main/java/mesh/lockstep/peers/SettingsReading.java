package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import mesh.lockstep.peers.Answer.Given;
import mesh.lockstep.rollout.MemberSettings;

/// A member's settings, read again every now and then. One thread reads them, any number asks.
final class SettingsReading {

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final PeerApi api;
    private final Pool pool;
    private volatile Optional<MemberSettings> known = Optional.empty();
    private Deadline next = Deadline.in(Duration.ZERO);

    SettingsReading(PeerApi api, Pool pool) {
        this.api = api;
        this.pool = pool;
    }

    /// Empty until they were read, or where we may not read them.
    Optional<MemberSettings> known() {
        return known;
    }

    /// Reads them, if it is time; what cannot be read now stays as it was.
    void keepUp() throws InterruptedException {
        if (!next.isPast()) {
            return;
        }
        next = Deadline.in(EVERY);
        if (api.ciliumConfig(TIMEOUT) instanceof Given(var map, _) && map.path("data").isObject()) {
            var configuration = new HashMap<String, String>();
            map.path("data")
                    .properties()
                    .forEach(it -> configuration.put(it.getKey(), it.getValue().asText()));
            known = Optional.of(pool.shared(MemberSettings.of(configuration, schema())));
        }
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
