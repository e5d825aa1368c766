package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import mesh.lockstep.support.Sources;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who builds the same commit gets the same bytes: what Maven packaged here, and what it packages
/// from a copy of the sources in another folder.
class ReproducibleIT {

    private static final Path HERE = Path.of(WebhookProcess.APPLICATION);

    /// Of the classes in here, Quarkus numbers and orders what they say by which of its build steps
    /// happens to end first.
    private static final String GENERATED = "quarkus/generated-bytecode.jar";

    private static final String TRANSFORMED = "quarkus/transformed-bytecode.jar";

    private static final Pattern NUMBERED = Pattern.compile("(proxykey|configClass\\$)[0-9]+");
    private static final String BILL = "quarkus-run-cyclonedx.json";

    @TempDir static Path folder;

    private static Path there;

    @BeforeAll
    static void buildElsewhere() {
        assumeTrue(Files.isDirectory(HERE), "a native executable is another matter");
        there =
                Sources.in(folder)
                        .run("./mvnw package -Dquick -Dmaven.test.skip")
                        .file(HERE.toString());
    }

    @Test
    void everyOtherFileHasTheSameBytes() throws IOException {
        var here = digests(HERE);

        assertThat(here).containsKey("quarkus-run.jar").hasSizeGreaterThan(100);
        assertThat(digests(there)).isEqualTo(here);
    }

    /// A jar of them is written in the order of the absolute paths that they come from: with ours
    /// in it, it would matter where the sources lie, before Maven's repository or behind.
    @Test
    void onlyClassesOfLibrariesAreTransformed() throws IOException {
        try (var jar = new JarFile(HERE.resolve(TRANSFORMED).toFile())) {
            assertThat(jar.stream().map(JarEntry::getName).filter(it -> it.endsWith(".class")))
                    .as("without beans that need a proxy, and without io.quarkus.logging.Log")
                    .isNotEmpty()
                    .noneMatch(it -> it.startsWith("mesh/lockstep/"));
        }
    }

    @Test
    void generatedClassesSayTheSameInSomeOrder() throws IOException {
        var here = instructions(HERE.resolve(GENERATED));

        assertThat(here).hasSizeGreaterThan(100);
        assertThat(instructions(there.resolve(GENERATED))).isEqualTo(here);
    }

    @Test
    void theBillOfMaterialsHasNeitherTimeNorNumberOfTheBuild() throws IOException {
        var here = bill(HERE);

        assertThat(here.path("components")).hasSizeGreaterThan(100);
        assertThat(bill(there)).isEqualTo(here);
    }

    private static Map<String, String> digests(Path application) throws IOException {
        var digests = new TreeMap<String, String>();
        try (var files = Files.walk(application)) {
            for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                digests.put(application.relativize(file).toString(), digest(file));
            }
        }
        assertThat(digests.remove(GENERATED)).isNotNull();
        return digests;
    }

    private static String digest(Path file) throws IOException {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Of each class, what its methods do: sorted, and without the numbers.
    private static Map<String, List<String>> instructions(Path file) throws IOException {
        var classes = new TreeMap<String, List<String>>();
        try (var jar = new JarFile(file.toFile())) {
            for (var entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                if (entry.getName().endsWith(".class")) {
                    var bytes = jar.getInputStream(entry).readAllBytes();
                    classes.put(entry.getName(), instructions(bytes));
                }
            }
        }
        return classes;
    }

    private static List<String> instructions(byte[] bytes) {
        var said = new ArrayList<String>();
        for (var method : ClassFile.of().parse(bytes).methods()) {
            method.code()
                    .ifPresent(
                            code ->
                                    code.forEach(
                                            element -> {
                                                if (element instanceof Instruction it) {
                                                    said.add(method.methodName() + " " + said(it));
                                                }
                                            }));
        }
        said.sort(null);
        return said;
    }

    private static String said(Instruction instruction) {
        // Which opcode loads a constant depends on where in the class it is.
        var text =
                instruction instanceof ConstantInstruction it
                        ? "load " + it.constantValue()
                        : instruction.toString();
        return NUMBERED.matcher(text).replaceAll("$1N");
    }

    /// Without the digests of the generated classes.
    private static JsonNode bill(Path application) throws IOException {
        var file = application.resolveSibling(BILL).toFile();
        var bill = new ObjectMapper().readTree(file);
        for (var component : bill.path("components")) {
            if (component.path("name").asText().equals("generated-bytecode.jar")) {
                ((ObjectNode) component).remove("hashes");
            }
        }
        return bill;
    }
}
