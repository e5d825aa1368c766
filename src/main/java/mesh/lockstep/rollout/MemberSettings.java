package mesh.lockstep.rollout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.rollout.Departures.OtherSetting;

/// The settings that can make the same policy behave differently in a cluster: keys of
/// `cilium-config`, with Cilium's defaults where they are absent (`pkg/option/config.go` and
/// `pkg/clustermesh/types/option.go`), and the version of the policies' schema, by which the API
/// server drops fields that it does not know.
public record MemberSettings(SortedMap<String, String> values) {

    /// A label of the definition of CiliumNetworkPolicies. It also tells Cilium's version: 1.33 is
    /// that of Cilium 1.20, 1.32 of 1.19, and so on.
    public static final String SCHEMA = "io.cilium.k8s.crd.schema.version";

    /// What Cilium calls the cluster; no setting that is compared.
    public static final String NAME = "cluster-name";

    /// Whether a peer selector that names no cluster means this cluster.
    public static final String LOCAL_BY_DEFAULT = "policy-default-local-cluster";

    /// Whether Cilium shares a namespace with the mesh that does not say whether it is to be.
    public static final String SHARED_BY_DEFAULT = "clustermesh-default-global-namespace";

    private static final Map<String, String> DEFAULTS =
            Map.ofEntries(
                    Map.entry("enable-policy", "default"),
                    Map.entry("policy-audit-mode", "false"),
                    Map.entry(SHARED_BY_DEFAULT, "true"),
                    Map.entry("enable-l7-proxy", "true"),
                    Map.entry("enable-node-selector-labels", "false"),
                    Map.entry("enable-extended-ip-protocols", "false"),
                    Map.entry("enable-cilium-network-policy", "true"),
                    Map.entry("enable-cilium-clusterwide-network-policy", "true"),
                    Map.entry("enable-host-firewall", "false"),
                    Map.entry("enable-non-default-deny-policies", "true"),
                    Map.entry("policy-cidr-match-mode", ""),
                    Map.entry("enable-ipv4", "true"),
                    Map.entry("enable-ipv6", "true"));

    public MemberSettings {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /// What counts of a cluster's configuration.
    ///
    /// @param schema the version of the policies' schema; empty if it is not known
    public static MemberSettings of(Map<String, String> configuration, Optional<String> schema) {
        var values = new TreeMap<String, String>();
        DEFAULTS.forEach((key, usual) -> values.put(key, configuration.getOrDefault(key, usual)));
        var local = Optional.ofNullable(configuration.get(LOCAL_BY_DEFAULT));
        if (local.isPresent() || schema.isPresent()) {
            var effective = Settings.of(local, schema).defaultLocalCluster();
            values.put(LOCAL_BY_DEFAULT, Boolean.toString(effective));
        }
        schema.ifPresent(text -> values.put(SCHEMA, text));
        return new MemberSettings(values);
    }

    /// What [#SHARED_BY_DEFAULT] says.
    public boolean sharesNamespacesByDefault() {
        return !"false".equals(values.get(SHARED_BY_DEFAULT));
    }

    /// In what a peer differs from this member; what is not known of either does not count.
    List<OtherSetting> departures(ClusterName peer, MemberSettings theirs) {
        if (equals(theirs)) { // as most are, and at once where they are shared
            return List.of();
        }
        var departures = new ArrayList<OtherSetting>();
        values.forEach(
                (key, here) -> {
                    var there = theirs.values().get(key);
                    if (there != null && !there.equals(here)) {
                        departures.add(new OtherSetting(key, here, peer, there));
                    }
                });
        return departures;
    }
}
