package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.CairnProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code target/cairn}: finds its installation and a JDK, says what is missing. */
class LauncherIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** What the script needs of a POSIX system; a search path of only these has no java. */
  private static final List<String> TOOLS =
      List.of(
          "sh",
          "dirname",
          "readlink",
          "grep",
          "cut",
          "cksum",
          "mkdir",
          "id",
          "ls",
          "rm",
          "unshare",
          "wc");

  private static final String USED = "Using AOT-linked classes: true";

  @TempDir Path temporary;

  @Test
  void saysWhatToInstallWhereThereIsNoJdk() throws IOException {
    var environment = withoutJava();
    environment.put("CAIRN_JVM_FOLDERS", temporary.resolve("nowhere").toString());
    try (var cairn = start(CairnProcess.LAUNCHER, environment, "serve", "--help")) {
      assertThat(cairn.awaitExit(SOON)).isEqualTo(1);
      assertThat(cairn.output()).hasLineCount(1).startsWith("Cairn needs a JDK 25 or newer: ");
    }
  }

  @Test
  void looksFurtherWhenTheJavaOnThePathIsOld() throws IOException {
    var old = temporary.resolve("jdk-17");
    script(old.resolve("bin/java"), "#!/bin/sh\necho the old java was run\nexit 9\n");
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    var environment = withoutJava();
    environment.merge("PATH", "", (path, _) -> old.resolve("bin") + ":" + path);
    environment.put("CAIRN_JVM_FOLDERS", old + " " + System.getProperty("java.home"));
    try (var cairn = start(CairnProcess.LAUNCHER, environment, "serve", "--help")) {
      assertThat(cairn.awaitExit(SOON)).isZero();
      assertThat(cairn.output())
          .contains("Usage: cairn serve", "--data=DIR")
          .doesNotContain("WARN");
    }
  }

  @Test
  void isFoundThroughLinksAndHandsJavaOptsOn() throws IOException {
    var folder = Files.createDirectories(temporary.resolve("bin of mine"));
    var first = Files.createSymbolicLink(folder.resolve("first"), CairnProcess.LAUNCHER);
    var second = Files.createSymbolicLink(folder.resolve("cairn"), first.getFileName());
    try (var cairn = start(second, Map.of("JAVA_OPTS", "-Xmx300m -version"), "serve")) {
      assertThat(cairn.awaitExit(SOON)).isZero();
      assertThat(cairn.output()).contains("Runtime Environment");
    }
  }

  @Test
  void withoutServersOfItsOwnItWantsADatabase() throws IOException {
    var image = installation();
    Files.createSymbolicLink(
        image.resolve("quarkus-app"), CairnProcess.TARGET.resolve("quarkus-app"));
    try (var cairn = start(image.resolve("cairn"), Map.of(), "serve")) {
      assertThat(cairn.awaitExit(SOON)).isEqualTo(StartFailure.NOT_CONFIGURED);
      assertThat(cairn.output())
          .hasLineCount(1)
          .contains("QUARKUS_DATASOURCE_JDBC_URL", "CAIRN_S3_ENDPOINT", "CAIRN_S3_SECRET_KEY");
    }
    var elsewhere = Map.of("CAIRN_HOME", temporary.resolve("nothing").toString());
    try (var cairn = start(CairnProcess.LAUNCHER, elsewhere, "serve")) {
      assertThat(cairn.awaitExit(SOON)).isEqualTo(1);
      assertThat(cairn.output()).hasLineCount(1).contains("There is no Cairn in ");
    }
  }

  @Test
  void theClientRunsWithoutTheServerAndLearnsToStartFaster() throws IOException {
    var cache = temporary.resolve("cache");
    var classes = temporary.resolve("classes.txt");
    var environment =
        Map.of("XDG_CACHE_HOME", cache.toString(), "JAVA_OPTS", "-Xlog:class+load:file=" + classes);
    runHelp(environment);
    assertThat(Files.readString(classes))
        .contains("org.cairn.cli.Cairn ")
        .doesNotContain("io.quarkus.");
    assertThat(cache.resolve("cairn")).isDirectoryContaining("glob:**.jsa");

    runHelp(environment);
    assertThat(Files.readString(classes)).contains("shared objects file (top)");
  }

  @Test
  void theClientLearnsAnewWhenAJarHasChanged() throws IOException {
    var home = installation();
    var app = Files.createDirectories(home.resolve("quarkus-app/app"));
    for (var name : List.of("lib", "quarkus-run.jar")) {
      Files.createSymbolicLink(
          home.resolve("quarkus-app").resolve(name),
          CairnProcess.TARGET.resolve("quarkus-app").resolve(name));
    }
    try (var jars = Files.newDirectoryStream(CairnProcess.TARGET.resolve("quarkus-app/app"))) {
      for (var jar : jars) {
        Files.copy(jar, app.resolve(jar.getFileName()));
      }
    }
    var cache = temporary.resolve("cache");
    var classes = temporary.resolve("classes.txt");
    var environment =
        Map.of("XDG_CACHE_HOME", cache.toString(), "JAVA_OPTS", "-Xlog:class+load:file=" + classes);
    for (int minutes = 10; minutes > 0; minutes -= 5) {
      try (var jars = Files.newDirectoryStream(app)) {
        for (var jar : jars) {
          Files.setLastModifiedTime(
              jar, FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes))));
        }
      }
      runHelp(home.resolve("cairn"), environment);
      runHelp(home.resolve("cairn"), environment);
      assertThat(Files.readString(classes)).contains("shared objects file (top)");
      try (var archives = Files.list(cache.resolve("cairn"))) {
        assertThat(archives).hasSize(1);
      }
    }
  }

  /** The build has rehearsed. */
  @Test
  void theServerStartsFromWhatTheJvmKept() throws IOException {
    assertThat(serveHelp(CairnProcess.LAUNCHER, "-Xlog:aot")).contains(USED);
    assertThat(serveHelp(CairnProcess.LAUNCHER, "-Xlog:aot -Xshare:off")).doesNotContain(USED);
    assertThat(serveHelp(CairnProcess.LAUNCHER, "-XX:+UseZGC")).doesNotContain("aot");
  }

  @Test
  void theServerDoesWithoutWhatTheJvmKeptOfOtherJars() throws IOException {
    var home = installation();
    var app = home.resolve("quarkus-app");
    Files.createDirectories(app.resolve("app"));
    for (var name : List.of("lib", "quarkus", "quarkus-run.jar")) {
      Files.createSymbolicLink(
          app.resolve(name), CairnProcess.TARGET.resolve("quarkus-app").resolve(name));
    }
    Path jar;
    try (var jars = Files.list(CairnProcess.TARGET.resolve("quarkus-app/app"))) {
      var original = jars.findFirst().orElseThrow();
      jar = Files.copy(original, app.resolve("app").resolve(original.getFileName()));
    }
    Files.createSymbolicLink(home.resolve(cacheName()), CairnProcess.TARGET.resolve(cacheName()));
    assertThat(serveHelp(home.resolve("cairn"), "-Xlog:aot")).contains(cacheName());

    Files.write(jar, new byte[1], StandardOpenOption.APPEND);
    assertThat(serveHelp(home.resolve("cairn"), "-Xlog:aot")).doesNotContain(cacheName());
  }

  @Test
  void theServerDoesWithoutWhatTheJvmCannotRead() throws IOException {
    var home = installation();
    Files.createSymbolicLink(
        home.resolve("quarkus-app"), CairnProcess.TARGET.resolve("quarkus-app"));
    Files.writeString(home.resolve(cacheName()), "not what it should be");
    assertThat(serveHelp(home.resolve("cairn"), "-Xlog:aot")).contains("Unable to");
    assertThat(serveHelp(home.resolve("cairn"), "")).doesNotContain("aot");
  }

  private static String cacheName() throws IOException {
    try (var files = Files.newDirectoryStream(CairnProcess.TARGET, "cairn-*.aot")) {
      return files.iterator().next().getFileName().toString();
    }
  }

  private String serveHelp(Path launcher, String options) {
    try (var cairn = start(launcher, Map.of("JAVA_OPTS", options), "serve", "--help")) {
      assertThat(cairn.awaitExit(SOON)).as(cairn.output()).isZero();
      assertThat(cairn.output()).contains("Usage: cairn serve");
      return cairn.output();
    }
  }

  /** A folder with the launcher and nothing to launch. */
  private Path installation() throws IOException {
    var home = Files.createDirectories(temporary.resolve("installation"));
    for (var name : List.of("cairn", "find-jdk.sh")) {
      Files.copy(
          CairnProcess.TARGET.resolve(name),
          home.resolve(name),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    return home;
  }

  private void runHelp(Map<String, String> environment) {
    runHelp(CairnProcess.LAUNCHER, environment);
  }

  private void runHelp(Path launcher, Map<String, String> environment) {
    try (var cairn = start(launcher, environment, "--help")) {
      assertThat(cairn.awaitExit(SOON)).isZero();
      assertThat(cairn.output())
          .startsWith("Usage: cairn ")
          .contains("publish", "pull", "verify", "serve", "demo");
    }
  }

  @Test
  void theClientDoesWithoutAPlaceToKeepAnything() {
    var environment = Map.of("XDG_CACHE_HOME", "", "HOME", "/dev/null");
    try (var cairn = start(CairnProcess.LAUNCHER, environment, "--version")) {
      assertThat(cairn.awaitExit(SOON)).isZero();
      assertThat(cairn.output()).hasLineCount(1).startsWith("cairn ");
    }
  }

  @Test
  void theExampleIsNotForAConfiguredRegistry() {
    var environment = Map.of("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/cairn");
    for (var words : List.of(new String[] {"demo"}, new String[] {"serve", "--data", "x"})) {
      try (var cairn = start(CairnProcess.LAUNCHER, environment, words)) {
        assertThat(cairn.awaitExit(SOON)).isEqualTo(StartFailure.USAGE);
        assertThat(cairn.output()).hasLineCount(1).contains("a database is configured");
      }
    }
    assertThat(temporary.resolve("x")).doesNotExist();
  }

  @Test
  void readsNamesThatAreNotAsciiAlsoWithoutALocale() throws Exception {
    var made =
        new ProcessBuilder("sh", "-c", "touch \"$(printf 'gr\\303\\266\\303\\237e.txt')\"")
            .directory(temporary.toFile())
            .start();
    assertThat(made.waitFor()).isZero();
    Files.writeString(
        temporary.resolve("MANIFEST.json"),
        "{\"files\":[{\"path\":\"gr\\u00f6\\u00dfe.txt\",\"size\":0,\"sha256\":\"%s\"}]}"
            .formatted(Sha256.of(new byte[0])));
    var environment = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "");
    try (var cairn = start(CairnProcess.LAUNCHER, environment, "verify", ".")) {
      assertThat(cairn.awaitExit(SOON)).as(cairn.output()).isZero();
      assertThat(cairn.output()).contains("1 right, 0 missing, 0 changed, 0 extra");
    }
  }

  @Test
  void theServerExplainsItselfWithItsExitCodes() {
    for (var words : List.of(new String[] {"help", "serve"}, new String[] {"demo", "--help"})) {
      try (var cairn = start(CairnProcess.LAUNCHER, Map.of(), words)) {
        assertThat(cairn.awaitExit(SOON)).isZero();
        assertThat(cairn.output()).contains("--data=DIR", "Exit codes:");
        StartFailure.meanings()
            .forEach((code, meaning) -> assertThat(cairn.output()).contains(code, meaning));
      }
    }
  }

  @Test
  void wrongWordsAreSaid() {
    try (var cairn = start(CairnProcess.LAUNCHER, Map.of(), "serve", "--prot=1")) {
      assertThat(cairn.awaitExit(SOON)).isEqualTo(StartFailure.USAGE);
      assertThat(cairn.output()).contains("Unknown option: '--prot=1'");
    }
  }

  private CairnProcess start(Path launcher, Map<String, String> environment, String... words) {
    return CairnProcess.start(launcher, temporary, environment, words);
  }

  private Map<String, String> withoutJava() throws IOException {
    var tools = Files.createDirectories(temporary.resolve("tools"));
    for (var tool : TOOLS) {
      var link = tools.resolve(tool);
      if (Files.notExists(link)) {
        Files.createSymbolicLink(link, find(tool));
      }
    }
    var environment = new HashMap<String, String>();
    environment.put("PATH", tools.toString());
    environment.put("JAVA_HOME", "");
    return environment;
  }

  private static Path find(String tool) {
    return List.of("/bin", "/usr/bin").stream()
        .map(folder -> Path.of(folder, tool))
        .filter(Files::exists)
        .findFirst()
        .orElse(Path.of("/bin", tool));
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
