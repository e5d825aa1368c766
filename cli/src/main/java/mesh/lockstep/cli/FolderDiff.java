package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.PeerView;

/// Where folders with the policies of one cluster each part: without any cluster, as for a
/// pipeline.
///
/// @param survey of them as if they were clusters
/// @param partings of the policies that differ
/// @param documents where each folder has each policy
record FolderDiff(
        Survey survey, List<Parting> partings, Map<PolicyKey, SequencedMap<String, Spot>> documents)
        implements Result {

    FolderDiff {
        partings = List.copyOf(partings);
    }

    /// @throws Unusable if a folder cannot be read, or has a policy twice
    static FolderDiff of(List<String> folders, Manifests manifests) throws Unusable {
        SequencedMap<ClusterName, Map<PolicyKey, Policy>> clusters = new LinkedHashMap<>();
        var documents = new TreeMap<PolicyKey, SequencedMap<String, Spot>>();
        for (var folder : folders) {
            var name = name(folder, clusters.size() + 1);
            var read = manifests.read(List.of(folder));
            var policies = policies(read, name);
            if (clusters.put(name, policies) != null) {
                throw new Unusable("two folders are called " + name);
            }
            for (var manifest : read) {
                documents
                        .computeIfAbsent(manifest.key(), _ -> new LinkedHashMap<>())
                        .put(name.value(), manifest.spot());
            }
        }
        var all = new ArrayList<Copies>();
        var partings = new ArrayList<Parting>();
        for (var key : documents.keySet()) {
            var copies = copies(key, clusters);
            all.add(copies);
            if (copies.standing().isDifference()) {
                partings.add(Parting.of(copies, held(key, clusters)));
            }
        }
        var names = List.copyOf(clusters.keySet());
        return new FolderDiff(Survey.of(names, all), partings, documents);
    }

    /// The folder's own, or `folder2` where that is not the name of a cluster.
    private static ClusterName name(String folder, int number) {
        var own = Optional.ofNullable(Path.of(folder).toAbsolutePath().normalize().getFileName());
        return new ClusterName(
                own.map(Path::toString).filter(ClusterName::isValid).orElse("folder" + number));
    }

    private static Map<PolicyKey, Policy> policies(List<Manifest> manifests, ClusterName name)
            throws Unusable {
        var reader = new PolicyReader().in(name);
        var policies = new HashMap<PolicyKey, Policy>();
        for (var manifest : manifests) {
            var policy = reader.read(manifest.key(), manifest.object());
            if (policies.put(manifest.key(), policy) != null) {
                throw manifest.second();
            }
        }
        return policies;
    }

    private static Copies copies(
            PolicyKey key, SequencedMap<ClusterName, Map<PolicyKey, Policy>> clusters) {
        var views = new ArrayList<PeerView>();
        clusters.forEach(
                (name, policies) ->
                        views.add(
                                Optional.ofNullable(policies.get(key))
                                        .<PeerView>map(policy -> holds(name, policy))
                                        .orElse(new PeerView.Lacks(name))));
        return Copies.of(key, views, Survey.SCOPE);
    }

    private static PeerView holds(ClusterName name, Policy policy) {
        return new PeerView.Holds(name, policy.version(), policy.intent().revision());
    }

    private static Map<ClusterName, Policy> held(
            PolicyKey key, Map<ClusterName, Map<PolicyKey, Policy>> clusters) {
        var held = new HashMap<ClusterName, Policy>();
        clusters.forEach(
                (name, policies) ->
                        Optional.ofNullable(policies.get(key))
                                .ifPresent(policy -> held.put(name, policy)));
        return held;
    }

    @Override
    public boolean differs() {
        return !partings.isEmpty();
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public void print(Terminal terminal) {
        partings.forEach(parting -> parting.print(terminal));
        terminal.line(summary());
    }

    private String summary() {
        return new SurveyText(survey, false, survey.members().size()).summary();
    }

    @Override
    public JsonNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        var clusters = json.putArray("clusters");
        survey.members().forEach(name -> clusters.add(name.value()));
        var policies = json.putArray("policies");
        partings.forEach(parting -> parting.json(policies.addObject()));
        return json;
    }

    /// Also of the policies that do not differ.
    @Override
    public Report report() {
        var parted = new HashMap<PolicyKey, Parting>();
        partings.forEach(parting -> parted.put(parting.copies().key(), parting));
        var entries =
                survey.policies().stream()
                        .map(
                                copies ->
                                        parted.getOrDefault(
                                                copies.key(), new Parting(copies, List.of())))
                        .map(
                                parting ->
                                        Entries.of(
                                                parting,
                                                Objects.requireNonNull(
                                                        documents.get(key(parting)))))
                        .toList();
        return new Report(entries, List.of(), List.of(), List.of(), summary());
    }

    private static PolicyKey key(Parting parting) {
        return parting.copies().key();
    }
}
