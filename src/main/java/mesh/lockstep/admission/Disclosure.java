package mesh.lockstep.admission;

/// What messages tell about a peer's policy.
public enum Disclosure {
    /// Where policies differ, and what each says there.
    VALUES,
    /// Only where they differ.
    PATHS;

    /// As configured, or else what may be told to anyone who can ask: values only where the API
    /// server has to identify itself.
    public static Disclosure of(WebhookConfig config) {
        var stranger = config.tls().clientAuthority().isEmpty();
        return config.disclose().orElse(stranger ? PATHS : VALUES);
    }
}
