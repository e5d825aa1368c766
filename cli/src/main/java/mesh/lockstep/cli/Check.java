package mesh.lockstep.cli;

/// What is checked of an installation, in this order. Each check needs the API server to answer.
enum Check {
    ANSWERS("API server answers"),
    KINDS("Cilium's policy kinds are installed"),
    PODS("pods are ready"),
    CERTIFICATE("certificate is valid"),
    BUNDLE("API server trusts the certificate"),
    JUDGED("a policy is judged"),
    INTRODUCED("peers are configured"),
    CREDENTIALS("credentials are valid"),
    COMPARED("policies are compared with all peers");

    private final String label;

    Check(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
