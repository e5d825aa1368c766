package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// A policy's rules as its author wrote them: `spec` first, then the elements of `specs`.
///
/// Cilium concatenates the two (`CiliumNetworkPolicy.Parse` in
/// `pkg/k8s/apis/cilium.io/v2/cnp_types.go`), so one policy may use both.
///
/// @param reading what such rules mean in the policy's cluster, by their trees; so that a change
///   can be tried
public record Spec(List<Rule> rules, Function<List<JsonNode>, Meaning> reading) {

    /// Where a rule keeps its entries.
    public static final Set<String> SECTIONS =
            Set.of("ingress", "ingressDeny", "egress", "egressDeny");

    /// The label by which selectors name a cluster, with or without its source.
    private static final Pattern CLUSTER =
            Pattern.compile("(any[:.]|k8s[:.])?io\\.cilium\\.k8s\\.policy\\.cluster");

    /// No verdict depends on them.
    private static final List<String> IGNORED = List.of("description", "labels", "log");

    public Spec {
        rules = List.copyOf(rules);
    }

    /// One rule and its place in the manifest.
    ///
    /// @param path empty for `spec`, so that paths inside it read `ingress[0]`; `specs[1]` for the
    ///   second of `specs`
    /// @param written the rule as its author wrote it
    /// @param tree the same, as it is compared: without nulls, and with this cluster's name
    ///   replaced where it reads "here"
    public record Rule(String path, JsonNode written, JsonNode tree) {}

    /// The rules of a whole object: none if `specs` is empty, a missing one if there is neither
    /// `spec` nor `specs`. What is not a rule, such as a `spec` that is a string, is taken as it
    /// is.
    ///
    /// @param preparation makes of a rule as written one to compare
    public static Spec of(
            JsonNode object,
            UnaryOperator<JsonNode> preparation,
            Function<List<JsonNode>, Meaning> reading) {
        var rules = new ArrayList<Rule>();
        var spec = object.path("spec");
        if (isPresent(spec)) {
            rules.add(rule("", spec, preparation));
        }
        var specs = object.path("specs");
        if (specs.isArray()) {
            for (int i = 0; i < specs.size(); i++) {
                rules.add(rule("specs[" + i + "]", specs.get(i), preparation));
            }
        } else if (isPresent(specs)) {
            rules.add(rule("specs", specs, preparation));
        } else if (rules.isEmpty()) {
            rules.add(rule("", MissingNode.getInstance(), preparation));
        }
        return new Spec(rules, reading);
    }

    /// What Cilium makes of the rules.
    public Meaning meaning() {
        return reading.apply(trees());
    }

    /// Whether both mean the same because they say the same, and are read alike. Says nothing of
    /// two that do not.
    public boolean readsLike(Spec other) {
        return reading.equals(other.reading) && trees().equals(other.trees());
    }

    /// The rules as they are compared.
    public List<JsonNode> trees() {
        return rules.stream().map(Rule::tree).toList();
    }

    /// The clusters that its selectors name, as they are written.
    public Set<String> clusters() {
        var names = new TreeSet<String>();
        rules.forEach(rule -> addClusters(rule.written(), names));
        return names;
    }

    /// The objects that its rules name.
    public Set<Reference> references() {
        var references = new TreeSet<Reference>();
        for (var rule : rules) {
            for (var section : SECTIONS) {
                for (var entry : rule.written().path(section)) {
                    entry.path("fromCIDRSet").forEach(node -> addGroup(node, references));
                    entry.path("toCIDRSet").forEach(node -> addGroup(node, references));
                }
            }
        }
        return references;
    }

    private static void addGroup(JsonNode set, Set<Reference> references) {
        var name = set.path("cidrGroupRef");
        if (name.isTextual()) {
            references.add(new Reference(Reference.CIDR_GROUP, name.asText()));
        }
    }

    private static void addClusters(JsonNode node, Set<String> names) {
        for (var property : node.properties()) {
            if (CLUSTER.matcher(property.getKey()).matches() && property.getValue().isTextual()) {
                names.add(property.getValue().asText());
            }
        }
        if (CLUSTER.matcher(node.path("key").asText()).matches()) {
            node.path("values").forEach(jsonNode -> names.add(jsonNode.asText()));
        }
        node.forEach(jsonNode -> addClusters(jsonNode, names));
    }

    /// A rule without what is not compared.
    public static JsonNode withoutIgnored(JsonNode rule) {
        return rule instanceof ObjectNode object
                ? JsonNodeFactory.instance.objectNode().<ObjectNode>setAll(object).remove(IGNORED)
                : rule;
    }

    private static Rule rule(String path, JsonNode written, UnaryOperator<JsonNode> preparation) {
        return new Rule(path, written, preparation.apply(written));
    }

    private static boolean isPresent(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }
}
