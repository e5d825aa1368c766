package mesh.lockstep.drift;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mesh.lockstep.apiserver.OwnApi.Reply;
import org.jboss.logging.Logger;

/// Says what cannot be written once, not at every attempt.
final class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);

    private final Map<String, String> said = new ConcurrentHashMap<>();

    /// Says why a request failed, if it did.
    ///
    /// @param what cannot be read or written: `Reports`
    /// @return whether it succeeded
    boolean report(String what, Reply reply) {
        if (reply.succeeded()) {
            return true;
        }
        if (!reply.problem().equals(said.put(what, reply.problem()))) {
            LOG.warnf(
                    "%s about drift cannot be read or written: %s. Will retry",
                    what, reply.problem());
        }
        return false;
    }
}
