package mesh.lockstep.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;

/// Pairs of policies that differ in very many places, each pair in another way.
public enum ManyDifferences {

    /// One block of addresses with n exceptions.
    EXCEPTIONS {
        @Override
        void fill(ObjectNode spec, int n, String version) {
            var set = entries(spec).addObject().putArray("fromCIDRSet").addObject();
            set.put("cidr", "10.0.0.0/8");
            var except = set.putArray("except");
            for (int i = 0; i < n; i++) {
                var network = version.equals("a") ? i : 100_000 + i;
                except.add(
                        "10.%d.%d.%d/32"
                                .formatted(network >> 16, network >> 8 & 255, network & 255));
            }
        }
    },

    /// n/20 entries of three peers and three ports.
    ENTRIES {
        @Override
        void fill(ObjectNode spec, int n, String version) {
            var entries = entries(spec);
            for (int i = 0; i < n / 20; i++) {
                var entry = entries.addObject();
                var peers = entry.putArray("fromEndpoints");
                for (int j = 0; j < 3; j++) {
                    peers.addObject().putObject("matchLabels").put("app", version + i + "-" + j);
                }
                var ports = entry.putArray("toPorts").addObject().putArray("ports");
                for (int j = 0; j < 3; j++) {
                    ports.addObject()
                            .put("port", Integer.toString(1000 + (7 * i + 3 * j) % 60_000))
                            .put("protocol", "TCP");
                }
            }
        }
    },

    /// n/40 peers of 40 labels.
    LABELS {
        @Override
        void fill(ObjectNode spec, int n, String version) {
            var peers = entries(spec).addObject().putArray("fromEndpoints");
            for (int i = 0; i < n / 40; i++) {
                var labels = peers.addObject().putObject("matchLabels");
                for (int j = 0; j < 40; j++) {
                    labels.put("label" + j, (j == 0 ? version : "") + i);
                }
            }
        }
    },

    /// One selector of n labels.
    SELECTOR {
        @Override
        void fill(ObjectNode spec, int n, String version) {
            var labels = spec.putObject("endpointSelector").putObject("matchLabels");
            for (int i = 0; i < n; i++) {
                labels.put("label" + i, version);
            }
        }
    },

    /// n values that nobody knows, under keys as long as they may be, as deep as they may be.
    DEPTH {
        @Override
        void fill(ObjectNode spec, int n, String version) {
            var inner = spec;
            for (int i = 0; i < 80; i++) {
                inner = inner.putObject(Integer.toString(i).repeat(n < 10_000 ? 10 : 1_000));
            }
            var values = inner.putArray("values");
            for (int i = 0; i < n; i++) {
                values.addObject().put(version, i);
            }
        }
    },

    /// n values that nobody knows.
    UNKNOWN {
        @Override
        void fill(ObjectNode spec, int n, String version) {
            var values = spec.putArray("unknown");
            for (int i = 0; i < n; i++) {
                values.add(version + i);
            }
        }
    },

    /// n/40 peers whose names Java's own hash cannot tell apart.
    COLLISIONS {
        @Override
        void fill(ObjectNode spec, int n, String version) {
            var peers = entries(spec).addObject().putArray("fromEndpoints");
            for (int i = 0; i < n / 40; i++) {
                var name =
                        Integer.toBinaryString(0x10_0000 | i).replace("0", "Aa").replace("1", "BB");
                peers.addObject().putObject("matchLabels").put("app", version + name);
            }
        }
    },

    /// n/2 peers, and a selector that is as long as all of them.
    SUBJECT {
        @Override
        void fill(ObjectNode spec, int n, String version) {
            var labels = spec.putObject("endpointSelector").putObject("matchLabels");
            for (int i = 0; i < n / 2; i++) {
                labels.put("label" + i, "value");
            }
            var cidrs = entries(spec).addObject().putArray("fromCIDR");
            for (int i = 0; i < n / 2; i++) {
                cidrs.add(
                        "10.%s.%d.%d/32"
                                .formatted(version.equals("a") ? 1 : 2, i >> 8 & 255, i & 255));
            }
        }
    };

    private static final PolicyReader READER = new PolicyReader();

    abstract void fill(ObjectNode spec, int n, String version);

    /// One of the two.
    ///
    /// @param n about how many values differ
    public Policy here(int n) {
        return READER.read(Policies.KEY, object(n, "a"));
    }

    public Policy there(int n) {
        return READER.read(Policies.KEY, object(n, "b"));
    }

    /// The whole object.
    ///
    /// @param version `a` or `b`
    public ObjectNode object(int n, String version) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", PolicyKey.Kind.CILIUM_NETWORK_POLICY.apiVersion())
                .put("kind", "CiliumNetworkPolicy");
        object.putObject("metadata")
                .put("name", Policies.KEY.name())
                .put("namespace", Policies.KEY.namespace());
        var spec = object.putObject("spec");
        spec.putObject("endpointSelector");
        fill(spec, n, version);
        return object;
    }

    private static ArrayNode entries(ObjectNode spec) {
        return spec.withArray("ingress");
    }
}
