package mesh.lockstep.pages;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;

/// What the query of a request asks for. Nonsense in it counts as not said.
record Query(RoutingContext request) {

    Selection selection() {
        return new Selection(
                text("namespace"), text("show").filter("all"::equals).isPresent(), number("page"));
    }

    /// A page of members, from 1.
    int members() {
        return number("members");
    }

    Optional<PolicyKey> key() {
        return PolicyKey.of(
                text("kind").orElse(""), text("namespace").orElse(""), text("name").orElse(""));
    }

    Optional<ClusterName> peer() {
        return text("peer").filter(ClusterName::isValid).map(ClusterName::new);
    }

    private int number(String name) {
        return text(name)
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::parseInt)
                .orElse(1);
    }

    private Optional<String> text(String name) {
        return request.queryParam(name).stream().findFirst().filter(text -> !text.isEmpty());
    }
}
