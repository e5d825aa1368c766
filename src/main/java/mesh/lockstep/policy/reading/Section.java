package mesh.lockstep.policy.reading;

/// The four sections of a rule.
enum Section {
    INGRESS("ingress", true, true),
    INGRESS_DENY("ingressDeny", true, false),
    EGRESS("egress", false, true),
    EGRESS_DENY("egressDeny", false, false);

    private final String field;
    private final boolean ingress;
    private final boolean allows;

    Section(String field, boolean ingress, boolean allows) {
        this.field = field;
        this.ingress = ingress;
        this.allows = allows;
    }

    String field() {
        return field;
    }

    boolean ingress() {
        return ingress;
    }

    /// Whether it allows, rather than denies.
    boolean allows() {
        return allows;
    }

    String direction() {
        return ingress ? "ingress" : "egress";
    }

    String verdict() {
        return direction() + (allows ? " allow" : " deny");
    }

    /// How the fields of its peers begin.
    String side() {
        return ingress ? "from" : "to";
    }
}
