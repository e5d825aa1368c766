package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.ValueSet;

/// A label selector as what it wants of each label.
///
/// Source: `pkg/policy/types/requirements.go` and `pkg/policy/api/selector.go` of Cilium.
/// Requirements on one label are intersected, so that order, duplicates and the operator's spelling
/// disappear:
///
/// ```yaml
/// matchLabels: {app: web}      matchExpressions:
///                              - {key: any:app, operator: In, values: [web, web]}
///                              - {key: app, operator: Exists}
/// ```
final class SelectorReading {

    private Map<String, List<ValueSet>> requirements = new HashMap<>();

    private SelectorReading() {}

    /// @param selector with the fields of [Fields#SELECTOR]
    static SelectorReading of(JsonNode selector, Reserve reserve) {
        return of(selector, Set.of(), reserve);
    }

    /// A selector of services, of which Cilium does not check whether operators have values.
    static SelectorReading ofServices(JsonNode selector, Reserve reserve) {
        return of(selector, Set.of(), SelectorReading::named, reserve);
    }

    /// @param overwritten keys with source whose `matchLabels` do not count
    static SelectorReading of(JsonNode selector, Set<String> overwritten, Reserve reserve) {
        return of(selector, overwritten, SelectorReading::operator, reserve);
    }

    private static SelectorReading of(
            JsonNode selector,
            Set<String> overwritten,
            Function<JsonNode, Operator> operator,
            Reserve reserve) {
        var reading = new SelectorReading();
        reserve.take(selector.path("matchLabels").size(), Reserve.REQUIREMENT + Reserve.VALUE);
        reserve.take(selector.path("matchExpressions").size(), Reserve.REQUIREMENT);
        var seen = new HashMap<String, String>();
        for (var label : selector.path("matchLabels").properties()) {
            var key = Labels.key(label.getKey(), Labels.ANY);
            var value = Labels.value(key, label.getValue().textValue());
            checkOnce(seen, key, value);
            if (!overwritten.contains(key)) {
                reading.require(key, ValueSet.oneOf(List.of(value)));
            }
        }
        for (var expression : selector.path("matchExpressions")) {
            reserve.take(expression.path("values").size(), Reserve.VALUE);
            reading.expression(expression, operator.apply(expression));
        }
        return reading;
    }

    /// Refuses a second value of a label in `matchLabels`: Cilium keeps one of the two, not always
    /// the same, as Go's maps have no order.
    ///
    /// @param seen the value of each key before
    static void checkOnce(Map<String, String> seen, String key, String value) {
        var before = seen.put(key, value);
        if (before != null && !before.equals(value)) {
            throw AsWrittenException.undecided("two values for the label " + key);
        }
    }

    private void expression(JsonNode expression, Operator operator) {
        var key = Labels.key(expression.path("key").textValue(), Labels.ANY);
        var values = values(expression, key);
        require(
                key,
                switch (operator) {
                    case IN -> ValueSet.oneOf(values);
                    case NOT_IN -> ValueSet.noneOf(values);
                    case EXISTS -> ValueSet.PRESENT;
                    case DOES_NOT_EXIST -> ValueSet.ABSENT;
                });
    }

    /// @param key of the label, with its source
    static Set<String> values(JsonNode expression, String key) {
        var values = new HashSet<String>();
        for (var value : expression.path("values")) {
            values.add(Labels.value(key, value.textValue()));
        }
        return values;
    }

    static Operator operator(JsonNode expression) {
        var operator = named(expression);
        var wantsValues = operator == Operator.IN || operator == Operator.NOT_IN;
        if (wantsValues == expression.path("values").isEmpty()) {
            throw new AsWrittenException(
                    expression.path("operator").textValue()
                            + (wantsValues ? " without" : " with")
                            + " values");
        }
        return operator;
    }

    private static Operator named(JsonNode expression) {
        var name = expression.path("operator").textValue();
        return switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> throw new AsWrittenException("unknown operator " + name);
        };
    }

    enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    /// Wants this too.
    ///
    /// @param key with its source
    void require(String key, ValueSet wanted) {
        requirements.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(wanted);
    }

    boolean mentions(String key) {
        return requirements.containsKey(key);
    }

    boolean mentionsAny(String prefix) {
        for (var key : requirements.keySet()) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /// Whether only pods are selected: they alone have the labels of a namespace.
    boolean selectsPodsOnly() {
        for (var requirement : requirements.entrySet()) {
            if (Labels.isOfPodsOnly(requirement.getKey())
                    && !requirement.getValue().stream().allMatch(ValueSet::mayBeAbsent)) {
                return true;
            }
        }
        return false;
    }

    /// Writes the keys in another way.
    void rename(UnaryOperator<String> keys) {
        var before = requirements;
        requirements = new HashMap<>();
        before.forEach((key, wanted) -> wanted.forEach(set -> require(keys.apply(key), set)));
    }

    /// The peers that this selects; empty for nobody.
    Optional<PolicyPeer.Labelled> selected() {
        var wanted = new TreeMap<String, ValueSet>();
        for (var requirement : requirements.entrySet()) {
            var values = ValueSet.allOf(requirement.getValue());
            if (values.isImpossible()) {
                return Optional.empty();
            }
            if (!values.equals(ValueSet.ANYTHING)) {
                wanted.put(requirement.getKey(), values);
            }
        }
        return Optional.of(PolicyPeer.Labelled.of(wanted));
    }
}
