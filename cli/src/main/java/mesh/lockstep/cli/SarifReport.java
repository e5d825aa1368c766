package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.cli.Lines.Place;
import mesh.lockstep.cli.Report.Entry;
import mesh.lockstep.cli.Report.Issue;
import mesh.lockstep.policy.PolicyKey;

/// A report as the results of static analysis, in SARIF 2.1.0.
final class SarifReport {

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private final Report report;
    private final Lines lines = new Lines();
    private final List<String> rules;

    SarifReport(Report report) {
        this.report = report;
        this.rules =
                Stream.concat(
                                report.entries().stream().flatMap(entry -> entry.issues().stream()),
                                report.beside().stream())
                        .map(Issue::rule)
                        .distinct()
                        .toList();
    }

    ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("$schema", SCHEMA).put("version", "2.1.0");
        var run = json.putArray("runs").addObject();
        var driver = run.putObject("tool").putObject("driver").put("name", Main.PROGRAM);
        VersionCommand.version().ifPresent(text -> driver.put("version", text));
        var described = driver.putArray("rules");
        rules.forEach(text -> rule(text, described.addObject()));
        var invocation = run.putArray("invocations").addObject().put("executionSuccessful", true);
        var notes = invocation.putArray("toolExecutionNotifications");
        report.absent()
                .forEach(
                        absent ->
                                notes.addObject()
                                        .put("level", "warning")
                                        .putObject("message")
                                        .put("text", absent.text()));
        var results = run.putArray("results");
        for (var entry : report.entries()) {
            entry.issues().forEach(issue -> result(entry, issue, results.addObject()));
        }
        report.beside()
                .forEach(
                        issue ->
                                result(
                                        issue,
                                        String.join("\n", issue.lines()),
                                        results.addObject()));
        return json;
    }

    private static void rule(String rule, ObjectNode json) {
        var help = Rules.help(rule);
        var text = help.size() > 1 ? help.subList(1, help.size()) : help;
        var paragraph = String.join("\n", text).strip().split("\n\n", 2)[0].replace("\n", " ");
        json.put("id", rule).put("name", rule);
        json.putObject("shortDescription").put("text", paragraph);
        json.putObject("fullDescription").put("text", paragraph);
        json.putObject("help").put("text", String.join("\n", text).strip());
    }

    private ObjectNode result(Issue issue, String text, ObjectNode json) {
        json.put("ruleId", issue.rule()).put("ruleIndex", rules.indexOf(issue.rule()));
        json.put("level", issue.weight().word());
        json.putObject("message").put("text", text);
        return json;
    }

    private void result(Entry entry, Issue issue, ObjectNode json) {
        var title = Parting.title(entry.key());
        var said = new ArrayList<>(List.of(title + ": " + entry.state()));
        said.addAll(issue.lines());
        result(issue, String.join("\n", said), json);
        var location = json.putArray("locations").addObject();
        var places = new ArrayList<>(issue.places());
        var first = places.isEmpty() ? document(entry) : Optional.of(places.removeFirst());
        first.ifPresent(place -> physical(place, location));
        logical(entry.key(), location.putArray("logicalLocations").addObject());
        if (!places.isEmpty()) {
            related(places, json.putArray("relatedLocations"));
        }
        json.putObject("partialFingerprints").put("policyAndRule/v1", title + ": " + issue.rule());
    }

    private static Optional<Place> document(Entry entry) {
        return entry.document().map(spot -> new Place(spot, "", true));
    }

    private void related(List<Place> places, ArrayNode json) {
        for (var place : places) {
            var location = json.addObject().put("id", json.size());
            location.putObject("message").put("text", place.path());
            physical(place, location);
        }
    }

    private void physical(Place place, ObjectNode location) {
        var file = place.document().file();
        if (file.isPresent()) {
            var physical = location.putObject("physicalLocation");
            physical.putObject("artifactLocation").put("uri", uri(file.get()));
            physical.putObject("region").put("startLine", lines.of(place));
        }
    }

    private static void logical(PolicyKey key, ObjectNode json) {
        json.put("name", key.name()).put("fullyQualifiedName", Parting.title(key));
        json.put("kind", "resource");
    }

    /// A relative path stays one: what reads it knows the folder.
    private static String uri(Path file) {
        if (file.isAbsolute()) {
            return file.toUri().toASCIIString();
        }
        try {
            var path = "/" + file.normalize().toString().replace('\\', '/');
            var encoded = new URI(null, null, path, null).toASCIIString();
            return encoded.substring(1).replace(":", "%3A");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
