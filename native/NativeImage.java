import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// In place of GraalVM's program `native-image`, which Maven Central does not have: gathers what
/// the command line and the jars say, and starts the builder with it. It knows the options that the
/// build of this project uses; any other ends it, since one that is dropped would make another
/// executable than a release of GraalVM does.
final class NativeImage {

    private static final String VERSION = "25.0.2";

    /// In the form in which Quarkus looks for it.
    private static final String VENDOR = "GraalVM CE " + VERSION + "+10.1";

    private static final String METADATA = "META-INF/native-image/";

    /// The builder's option for each file of metadata that a jar may bring.
    private static final Map<String, String> FILES =
            Map.of(
                    "reflect-config.json", "ReflectionConfigurationResources",
                    "resource-config.json", "ResourceConfigurationResources",
                    "jni-config.json", "JNIConfigurationResources",
                    "proxy-config.json", "DynamicProxyConfigurationResources",
                    "serialization-config.json", "SerializationConfigurationResources",
                    "reachability-metadata.json", "ReachabilityMetadataResources");

    /// The builder's name of each option that has another one here.
    private static final Map<String, String> OPTIONS =
            Map.of(
                    "--features", "Features",
                    "--link-at-build-time", "LinkAtBuildTime",
                    "--enable-url-protocols", "EnableURLProtocols",
                    "--enable-monitoring", "EnableMonitoringFeatures",
                    "--enable-native-access", "EnableNativeAccess",
                    "--trace-object-instantiation", "TraceObjectInstantiation",
                    "-march", "MicroArchitecture");

    /// Where an option comes from, which the builder wants to know; of the command line.
    private static final String USER = "user+api";

    /// A file of metadata that the command line leaves out.
    private record Exclusion(Pattern jar, Pattern file) {

        boolean holds(Path path, JarEntry entry) {
            return jar.matcher(path.toString()).find()
                    && file.matcher("/" + entry.getName()).find();
        }
    }

    private final Path home;
    private final List<String> java = new ArrayList<>();
    private final List<String> image = new ArrayList<>();
    private final List<Exclusion> exclusions = new ArrayList<>();
    private final List<Path> classpath = new ArrayList<>();
    private String name = "";

    private NativeImage(Path home) {
        this.home = home;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (Arrays.asList(args).contains("--version")) {
            System.out.println("native-image " + VERSION + " 2026-01-20");
            System.out.println(
                    "GraalVM Runtime Environment " + VENDOR + " (build 25.0.2+10-jvmci-b01)");
            System.out.println("Substrate VM " + VENDOR + " (build 25.0.2+10, serial gc)");
        } else {
            System.exit(new NativeImage(Path.of(System.getProperty("native.home"))).run(args));
        }
    }

    private int run(String[] args) throws IOException, InterruptedException {
        var words = new ArrayList<String>();
        var jar = readCommandLine(List.of(args).iterator(), words);
        image.add("-H:Name=" + jar.getFileName().toString().replaceAll("\\.jar$", ""));
        readManifest(jar);
        for (var path : classpath) {
            readMetadata(path);
        }
        words.forEach(word -> read(word, USER));
        if (!name.isEmpty()) {
            image.set(0, "-H:Name=" + name);
        }
        image.add("-H:Path=" + Path.of("").toAbsolutePath());
        image.add("-H:CLibraryPath=" + home.resolve("lib/svm/clibraries/linux-amd64"));
        image.add("-H:NativeLinkerOption=-Wl,-rpath,$ORIGIN/lib");
        image.add("-H:ImageBuildID=" + UUID.nameUUIDFromBytes(bytes(String.join("\n", args))));
        return start(command());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// @param words where the options go, which are read after those of the jars
    /// @return the application
    private Path readCommandLine(Iterator<String> args, List<String> words) {
        Path jar = null;
        while (args.hasNext()) {
            switch (args.next()) {
                case "-jar" -> jar = Path.of(args.next()).toAbsolutePath();
                case "--exclude-config" ->
                        exclusions.add(
                                new Exclusion(
                                        Pattern.compile(args.next()),
                                        Pattern.compile(args.next())));
                case String word when word.startsWith("-") -> words.add(word);
                case String word -> name = word;
            }
        }
        if (jar == null) {
            throw new IllegalArgumentException("which application? -jar FILE");
        }
        return jar;
    }

    private void readManifest(Path jar) throws IOException {
        classpath.add(jar);
        try (var file = new JarFile(jar.toFile())) {
            var attributes = file.getManifest().getMainAttributes();
            image.add("-H:Class=" + attributes.getValue("Main-Class"));
            for (var kind : List.of("Add-Opens", "Add-Exports")) {
                for (var one : words(attributes, kind)) {
                    var opened = "=" + one + "=ALL-UNNAMED";
                    java.add("--" + kind.toLowerCase(Locale.ROOT) + opened);
                    image.add("-H:" + kind.replace("-", "") + "@" + USER + opened);
                }
            }
            for (var entry : words(attributes, "Class-Path")) {
                classpath.add(jar.getParent().resolve(entry));
            }
        }
    }

    private static List<String> words(Attributes attributes, String name) {
        var value = attributes.getValue(name);
        return value == null ? List.of() : words(value);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    private void readMetadata(Path path) throws IOException {
        try (var file = new JarFile(path.toFile())) {
            for (var entry : file.stream().filter(NativeImage::isMetadata).toList()) {
                if (exclusions.stream().noneMatch(exclusion -> exclusion.holds(path, entry))) {
                    readMetadata(path, file, entry);
                }
            }
        }
    }

    private static boolean isMetadata(JarEntry entry) {
        return entry.getName().startsWith(METADATA) && !entry.isDirectory();
    }

    private void readMetadata(Path path, JarFile file, JarEntry entry) throws IOException {
        var origin = "jar:" + path.toUri() + "!/" + entry.getName() + "+api";
        var slash = entry.getName().lastIndexOf('/');
        var simple = entry.getName().substring(slash + 1);
        if (FILES.containsKey(simple)) {
            image.add("-H:" + FILES.get(simple) + "@" + origin + "=" + entry.getName());
        } else if (simple.equals("native-image.properties")) {
            var properties = new Properties();
            properties.load(file.getInputStream(entry));
            java.addAll(words(properties.getProperty("JavaArgs", "")));
            var folder = entry.getName().substring(0, slash);
            words(properties.getProperty("Args", ""))
                    .forEach(word -> read(word.replace("${.}", folder), origin));
        }
    }

    private void read(String word, String origin) {
        var parts = word.split("=", 2);
        var value = parts.length == 2 ? parts[1] : "";
        if (OPTIONS.containsKey(parts[0])) {
            image.add("-H:" + OPTIONS.get(parts[0]) + "@" + origin + "=" + value);
            return;
        }
        switch (parts[0]) {
            case "--no-fallback" -> image.add("-H:FallbackThreshold@" + origin + "=0");
            case "--initialize-at-build-time" -> initialize(value, "build_time", origin);
            case "--initialize-at-run-time" -> initialize(value, "run_time", origin);
            case "-g" -> image.add("-H:GenerateDebugInfo=2");
            case String it when it.startsWith("-J") -> java.add(word.substring(2));
            case String it when it.startsWith("-D") -> {
                java.add(word);
                image.add(word);
            }
            case String it when it.startsWith("-H:") || it.startsWith("-R:") -> image.add(word);
            default -> throw new IllegalArgumentException("not known here: " + word);
        }
    }

    private void initialize(String classes, String when, String origin) {
        image.add(
                Stream.of(classes.split(","))
                        .map(it -> it + ":" + when)
                        .collect(
                                Collectors.joining(
                                        ",", "-H:ClassInitialization@" + origin + "=", "")));
    }

    private List<String> command() throws IOException {
        List<Path> jars;
        try (var files = Files.list(home.resolve("lib/svm/builder"))) {
            jars = files.filter(it -> it.toString().endsWith(".jar")).sorted().toList();
        }
        var compiler =
                jars.stream()
                        .filter(it -> it.getFileName().toString().startsWith("compiler-"))
                        .findFirst()
                        .orElseThrow();
        var builder =
                ModuleFinder.of(jars.toArray(Path[]::new)).findAll().stream()
                        .map(it -> it.descriptor().name())
                        .sorted()
                        .collect(Collectors.joining(","));
        var command = new ArrayList<String>();
        command.addAll(virtualMachine(builder));
        command.addAll(java);
        command.addAll(
                List.of(
                        "--add-modules=ALL-DEFAULT,jdk.internal.vm.ci,jdk.graal.compiler",
                        "--upgrade-module-path",
                        compiler.toString(),
                        "--module-path",
                        joined(jars.stream().filter(it -> !it.equals(compiler)).toList()),
                        "--module",
                        "org.graalvm.nativeimage.builder"
                                + "/com.oracle.svm.hosted.NativeImageGeneratorRunner",
                        "-imagecp",
                        joined(classpath),
                        "-imagemp",
                        home.resolve("lib/svm/none").toString()));
        command.addAll(image);
        return command;
    }

    private static String joined(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    /// @param builder the names of its modules
    private static List<String> virtualMachine(String builder) {
        var options =
                new ArrayList<>(
                        List.of(
                                "-XX:+UseParallelGC",
                                "-XX:+UnlockExperimentalVMOptions",
                                "-XX:+EnableJVMCI",
                                "-XX:-UseJVMCICompiler",
                                "-Xss10m",
                                "-Duser.country=US",
                                "-Duser.language=en",
                                "-Djava.awt.headless=true",
                                "-Dorg.graalvm.nativeimage.imagecode=buildtime",
                                "-Dcom.oracle.graalvm.isaot=true",
                                "-Dsubstratevm.HostLibC=glibc",
                                "-Dsubstratevm.IgnoreGraalVersionCheck=true",
                                "-Dorg.graalvm.version=" + VERSION,
                                "-Dorg.graalvm.vendor=GraalVM Community",
                                "-Dorg.graalvm.vendorversion=" + VENDOR,
                                "-DGraalVMVersion=" + VERSION,
                                "-Djava.system.class.loader="
                                        + "com.oracle.svm.hosted.NativeImageSystemClassLoader",
                                "-Djdk.internal.lambda.disableEagerInitialization=true",
                                // Or else method handles keep counters, and cannot be compiled as a
                                // part of their callers: equals and hashCode of records, and
                                // switches over types, would be interpreted at run time.
                                "-Djava.lang.invoke.MethodHandle.DONT_INLINE_THRESHOLD=-1",
                                "-Djava.lang.invoke.MethodHandle.PROFILE_GWT=false",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=" + builder));
        // All of the JDK is open to the builder; a GraalVM names the packages one by one.
        var modules = new ArrayList<ModuleDescriptor>();
        ModuleLayer.boot().modules().forEach(it -> modules.add(it.getDescriptor()));
        modules.add(ModuleFinder.ofSystem().find("jdk.internal.vm.ci").orElseThrow().descriptor());
        for (var module : modules) {
            for (var contained : module.packages()) {
                var opened = "=" + module.name() + "/" + contained + "=" + builder;
                options.add("--add-exports" + opened);
                options.add("--add-opens" + opened);
            }
        }
        return options;
    }

    /// By a file of arguments: they are too long for a command line.
    private static int start(List<String> arguments) throws IOException, InterruptedException {
        var file = Files.createTempFile("native-image", ".args");
        try {
            Files.write(file, arguments.stream().map(NativeImage::quoted).toList());
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return new ProcessBuilder(java, "@" + file).inheritIO().start().waitFor();
        } finally {
            Files.delete(file);
        }
    }

    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
