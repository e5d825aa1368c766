package mesh.lockstep.peers;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;

/// A version of a policy in a [CrowdedMesh]. Some say what a page could take for its own.
///
/// @param sample under any key
record Copy(String text, Policy sample) {

    static final Copy FIRST = of("all", 8080, "/api/" + CrowdedMesh.SCRIPT);
    static final Copy SECOND =
            of("all", 8081, "\"><img src=/mesh/owned onerror=document.title=\"owned\">");
    static final Copy THIRD = of("all", 8082, "/api");
    static final Copy LOCAL = of("local", 8080, "/api");
    static final Copy OF_FEW = of(few(), 8080, "/api");

    private static Copy of(String members, int port, String path) {
        var text =
                """
                metadata:
                  annotations:
                    lockstep.mesh/members: "%s"
                    note: "%s"
                spec:
                  description: What the shop's frontends may ask of it
                  endpointSelector: {matchLabels: {app: api, tier: backend}}
                  ingress:
                  - fromEndpoints:
                    - matchLabels: {app: web}
                    - matchLabels: {app: mobile-gateway, "io.cilium.k8s.policy.cluster": cluster1}
                    toPorts:
                    - ports: [{port: "%d", protocol: TCP}]
                      rules:
                        http: [{method: GET, path: '%s'}]
                  egress:
                  - toFQDNs: [{matchName: payments.example.com}]
                    toPorts: [{ports: [{port: "443", protocol: TCP}]}]
                """
                        .formatted(members, CrowdedMesh.SCRIPT, port, path.replace("'", "''"));
        return new Copy(text, Policies.read(Policies.KEY, Yaml.read(text)));
    }

    private static String few() {
        return IntStream.rangeClosed(1, 50)
                .mapToObj("member-%03d"::formatted)
                .collect(Collectors.joining(",", "cluster1,", ""));
    }

    Version version() {
        return sample.version();
    }

    Revision revision() {
        return sample.intent().revision();
    }

    Policy under(PolicyKey key) {
        return Policies.read(key, Yaml.read(text));
    }
}
