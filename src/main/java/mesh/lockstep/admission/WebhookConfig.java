package mesh.lockstep.admission;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// How the webhook is served, and what it tells.
@ConfigMapping(prefix = "lockstep")
public interface WebhookConfig {

    /// `values`, or `paths`: messages name where policies differ, not what a peer holds. Without it
    /// [#disclosure] decides.
    Optional<Disclosure> disclose();

    /// As configured, or else what may be told to anyone who can ask: values only where the API
    /// server has to identify itself.
    default Disclosure disclosure() {
        var stranger = tls().clientAuthority().isEmpty();
        return disclose().orElse(stranger ? Disclosure.PATHS : Disclosure.VALUES);
    }

    /// The namespace that Lockstep runs in. Its policies, as those of `kube-system`, are never
    /// judged: they keep the way to Lockstep open.
    @WithDefault("lockstep")
    String namespace();

    /// The serving certificate, as the mounted Secret has it.
    Tls tls();

    Management management();

    /// Port 9000.
    interface Management {

        /// Host names that it answers to, in addition to those that no web page can have: a page
        /// whose name is made to point at this port must not read it.
        Optional<Set<String>> hosts();
    }

    /// Files in PEM.
    interface Tls {

        /// The certificate, followed by what leads to its CA.
        @WithDefault("/etc/lockstep/tls/tls.crt")
        Path certificate();

        /// The private key.
        @WithDefault("/etc/lockstep/tls/tls.key")
        Path key();

        /// Certificates of authorities: a client without a certificate signed by one of them is
        /// turned away. Absent: every client is answered.
        Optional<Path> clientAuthority();

        /// How often the files are read again: a new certificate is served without a restart.
        @WithDefault("1m")
        Duration readEvery();
    }
}
