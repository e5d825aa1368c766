package mesh.lockstep.admission;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/// How the webhook is served, and what it tells.
@ConfigMapping(prefix = "lockstep")
public interface WebhookConfig {

    /// `values`, or `paths`: messages name where policies differ, not what a peer holds.
    @WithDefault("values")
    Disclosure disclose();

    /// The namespace that Lockstep runs in. Its policies, as those of `kube-system`, are never
    /// judged: they keep the way to Lockstep open.
    @WithDefault("lockstep")
    String namespace();

    /// The serving certificate, as the mounted Secret has it.
    Tls tls();

    /// Files in PEM.
    interface Tls {

        /// The certificate, followed by what leads to its CA.
        @WithDefault("/etc/lockstep/tls/tls.crt")
        Path certificate();

        /// The private key.
        @WithDefault("/etc/lockstep/tls/tls.key")
        Path key();

        /// How often the files are read again: a new certificate is served without a restart.
        @WithDefault("1m")
        Duration readEvery();
    }
}
