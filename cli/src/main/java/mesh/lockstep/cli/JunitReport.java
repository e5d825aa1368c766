package mesh.lockstep.cli;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import mesh.lockstep.cli.Report.Entry;
import mesh.lockstep.cli.Report.Issue;
import mesh.lockstep.cli.Report.Mark;

/// A report as the results of tests, in the manner of JUnit: a test for each policy, and one, not
/// run, for each cluster that was not compared.
///
/// @param command what was run
record JunitReport(String command, Report report) {

    String text() {
        var text = new StringWriter();
        try {
            var xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            suite(xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private void suite(XMLStreamWriter xml) throws XMLStreamException {
        var name = "kubectl lockstep " + command;
        var skipped = count(Mark.SKIPPED) + report.absent().size();
        xml.writeStartElement("testsuites");
        xml.writeStartElement("testsuite");
        attribute("name", name, xml);
        attribute("tests", "" + (report.entries().size() + report.absent().size()), xml);
        attribute("failures", "" + count(Mark.FAILED), xml);
        attribute("errors", "0", xml);
        attribute("skipped", "" + skipped, xml);
        for (var entry : report.entries()) {
            testcase(name, entry, xml);
        }
        for (var absent : report.absent()) {
            start(name, absent.context(), xml);
            skipped(absent.text(), xml);
            xml.writeEndElement();
        }
        var lines = new ArrayList<>(List.of(report.summary()));
        report.beside().forEach(issue -> lines.addAll(issue.lines()));
        element("system-out", lines, xml);
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private long count(Mark mark) {
        return report.entries().stream().filter(entry -> entry.mark() == mark).count();
    }

    private static void testcase(String suite, Entry entry, XMLStreamWriter xml)
            throws XMLStreamException {
        start(suite, Parting.title(entry.key()), xml);
        var file = entry.document().flatMap(Spot::file);
        if (file.isPresent()) {
            attribute("file", file.get().toString(), xml);
            attribute("line", "" + entry.document().get().line(), xml);
        }
        var lines = entry.issues().stream().flatMap(issue -> issue.lines().stream()).toList();
        switch (entry.mark()) {
            case FAILED -> {
                xml.writeStartElement("failure");
                attribute("message", entry.state(), xml);
                attribute(
                        "type",
                        entry.issues().stream().findFirst().map(Issue::rule).orElse(""),
                        xml);
                xml.writeCharacters(Escaped.xml(String.join("\n", lines)));
                xml.writeEndElement();
            }
            case SKIPPED -> {
                skipped(entry.state(), xml);
                element("system-out", lines, xml);
            }
            case PASSED -> element("system-out", lines, xml);
        }
        xml.writeEndElement();
    }

    private static void start(String suite, String name, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute("classname", suite, xml);
        attribute("name", name, xml);
    }

    private static void skipped(String why, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeEmptyElement("skipped");
        attribute("message", why, xml);
    }

    private static void element(String name, List<String> lines, XMLStreamWriter xml)
            throws XMLStreamException {
        if (!lines.isEmpty()) {
            xml.writeStartElement(name);
            xml.writeCharacters(Escaped.xml(String.join("\n", lines)));
            xml.writeEndElement();
        }
    }

    private static void attribute(String name, String value, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeAttribute(name, Escaped.xml(value));
    }
}
