package mesh.lockstep.drift;

import mesh.lockstep.apiserver.OwnApi.Reply;
import mesh.lockstep.policy.News;
import org.jboss.logging.Logger;

/// Says what cannot be written once, not at every attempt.
final class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);

    private final News<String> news = new News<>();

    /// Says why a request failed, if it did.
    ///
    /// @param what cannot be read or written: `Reports`
    /// @return whether it succeeded
    boolean report(String what, Reply reply) {
        if (reply.succeeded()) {
            return true;
        }
        if (news.isNew(what, reply.problem())) {
            LOG.warnf(
                    "%s about drift cannot be read or written: %s. Will retry",
                    what, reply.problem());
        }
        return false;
    }
}
