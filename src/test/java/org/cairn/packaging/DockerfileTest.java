package org.cairn.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be known of the image without building it; ImageLayoutIT runs what it would hold. */
class DockerfileTest {

  /** Read by what the image is built on: the shell looks programs up, the JDK its home. */
  private static final Set<String> OF_THE_PLATFORM = Set.of("PATH", "HOME");

  private final Dockerfile dockerfile = Dockerfile.read();

  @Test
  void isBuiltOnAPinnedJdkOfTheRightVersion() throws Exception {
    var release = Pom.property("maven.compiler.release");
    assertThat(dockerfile.all("FROM")).hasSize(1);
    assertThat(dockerfile.one("FROM"))
        .matches(
            "eclipse-temurin:" + release + "\\.\\d+\\.\\d+_\\d+-jre-[a-z]+(@sha256:[0-9a-f]{64})?");
  }

  @Test
  void runsAsANumericUserThatIsNotRoot() {
    var uid = dockerfile.one("USER").split(":", 2)[0];
    assertThat(uid).matches("[1-9]\\d{4,}");
  }

  @Test
  void everyVariableIsReadByTheProgram() throws Exception {
    var launcher = Files.readString(Path.of("src/launcher/cairn"));
    var names = new ArrayList<>(dockerfile.variables("ENV").keySet());
    names.addAll(dockerfile.variables("ARG").keySet());
    assertThat(names)
        .isNotEmpty()
        .allMatch(name ->
            OF_THE_PLATFORM.contains(name)
                || ConfigKey.isRead(name)
                || Pattern.compile("\\$\\{?" + name + "\\b").matcher(launcher).find());
  }

  @Test
  void theJvmUnderstandsItsOptions() throws Exception {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of(dockerfile.variables("ENV").get("JAVA_OPTS").split(" ", -1)));
    command.add("-version");
    var java = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(java.getInputStream().readAllBytes(), UTF_8);
    assertThat(java.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(java.exitValue()).as(output).isZero();
  }

  @Test
  void exposesThePortsThatTheProgramListensOn() {
    var shipped = ApplicationProperties.read();
    assertThat(dockerfile.one("EXPOSE").split(" ", -1))
        .containsExactlyInAnyOrder(
            shipped.getProperty("quarkus.http.port"),
            shipped.getProperty("quarkus.management.port"));
  }

  @Test
  void startsWhatItCopies() {
    var entrypoint = Path.of(dockerfile.words("ENTRYPOINT").getFirst());
    var copied =
        dockerfile.copies().stream()
            .filter(copy -> !copy.mode().isEmpty())
            .flatMap(copy ->
                copy.sources().stream()
                    .map(s -> Path.of(dockerfile.one("WORKDIR"), copy.target(), name(s))))
            .map(Path::normalize)
            .toList();
    assertThat(copied).contains(entrypoint);
    assertThat(dockerfile.words("CMD")).containsExactly("serve");
  }

  @Test
  void holdsNoServersOfTheZeroConfigurationMode() {
    assertThat(dockerfile.copies())
        .flatExtracting(Dockerfile.Copy::sources)
        .noneMatch(source -> source.contains("embedded"));
  }

  @Test
  void theContextHoldsWhatIsCopiedAndNothingElse() throws Exception {
    var ignore = DockerIgnore.read();
    assertThat(dockerfile.copies())
        .flatExtracting(Dockerfile.Copy::sources)
        .noneMatch(source -> ignore.ignores(source.replace("*", "x").replaceFirst("/$", "")));
    assertThat(List.of("docker/.env", ".git/config", "target/embedded/s3proxy.jar", "pom.xml"))
        .allMatch(ignore::ignores);
  }

  private static String name(String source) {
    return source.substring(source.lastIndexOf('/') + 1);
  }
}
