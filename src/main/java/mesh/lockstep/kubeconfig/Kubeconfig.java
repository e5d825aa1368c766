package mesh.lockstep.kubeconfig;

import java.nio.ByteBuffer;

/// A peer's kubeconfig as far as we read it: only what says where its API server is and who we are
/// there.
public sealed interface Kubeconfig {

    /// Larger ones are refused unread. A kubeconfig of one cluster has about 6 KiB.
    int MAX_BYTES = 256 * 1024;

    record Accepted(Credentials credentials) implements Kubeconfig {}

    /// Nothing of it is used.
    ///
    /// @param reason for people; names the field and never its value
    record Refused(String reason) implements Kubeconfig {}

    static Kubeconfig read(ByteBuffer file) {
        try {
            return new Accepted(KubeconfigReading.credentials(PlainYaml.read(file)));
        } catch (Refusal refusal) {
            return new Refused(refusal.reason());
        }
    }

    /// Leads out of the reading; never out of [#read].
    final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
