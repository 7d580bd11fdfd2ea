package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "publish",
        "pull",
        "verify",
        "ls",
        "tensor",
        "findings",
        "diff",
        "import",
        "serve",
        "demo",
        "completion"
      })
  void explainsEveryCommand(String command) {
    assertThat(Program.run("--help").out()).contains("  " + command + " ");
    var help = Program.run(command, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).startsWith("Usage: cairn " + command);
    assertThat(Program.run("help", command).out()).isEqualTo(help.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"publish", "pull", "verify", "ls", "tensor", "findings", "diff", "import"})
  void documentsExitCodes(String command) throws Exception {
    var help = Program.run("help", command).out();
    assertThat(help).contains("Exit codes:");
    var readme = Files.readString(Path.of("README.md"));
    ExitCode.meanings()
        .forEach((code, meaning) -> {
          assertThat(help).contains(code, meaning);
          assertThat(readme).contains("| " + code + " | " + meaning + " |");
        });
  }

  @Test
  void saysItsVersion() {
    assertThat(Program.run("--version").out()).matches("cairn [0-9]+\\.[0-9]+\\.[0-9]+.*\n");
  }

  @Test
  void printsACompletionScript() {
    assertThat(Program.run("completion", "bash").out()).contains("_complete_cairn", "--project");
    assertThat(Program.run("completion", "zsh").out()).contains("compinit");
    assertThat(Program.run("completion", "fish").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void leavesTheServiceToTheLauncher() {
    assertThat(Program.run("serve").err()).contains("launcher");
    assertThat(Program.run("serve").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void suggestsWhatWasMeant() {
    var wrong = Program.run("pubish");
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("cairn publish");
    assertThat(Program.run().exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(Program.run("help", "nothing").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(Program.run("help").out()).isEqualTo(Program.run("--help").out());
  }

  @Test
  void usesNothingOfTheService() {
    var classes =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("test"))
            .importPackages("org.cairn.cli");
    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.cairn.cli",
            "org.cairn.platform",
            "com.fasterxml.jackson..",
            "me.tongfei.progressbar..",
            "org.jspecify..",
            "picocli..")
        .check(classes);
  }

  /** The launcher's class path: what is not on it must not be needed. */
  @Test
  void startsOnTheLaunchersClassPath() throws Exception {
    var own = Path.of(Cairn.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var libraries =
        Arrays.stream(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator))
            .filter(entry ->
                entry.matches(
                    ".*(/picocli-[^/]*|/jackson-[^/]*|/progressbar-[^/]*|/jline-[^/]*"
                        + "|/jspecify-[^/]*|/java-json-canonicalization-[^/]*)"))
            .collect(Collectors.joining(File.pathSeparator));
    var process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                own + File.pathSeparator + libraries,
                "org.cairn.cli.Cairn",
                "ls",
                "--from",
                "http://127.0.0.1:1")
            .redirectErrorStream(true)
            .start();
    var said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(said).contains("does not answer");
  }
}
