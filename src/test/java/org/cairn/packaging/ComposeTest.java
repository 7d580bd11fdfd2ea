package org.cairn.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComposeTest {

  static final Map<String, String> SECRETS =
      Map.of(
          "POSTGRES_PASSWORD", "p", "S3_ACCESS_KEY", "a", "S3_SECRET_KEY", "s", "ADMIN_TOKEN", "t");

  private static final Path EXAMPLE = Path.of("docker/.env.example");

  private final Compose compose = Compose.with(SECRETS);

  @Test
  void everyVariableOfTheServiceIsOneThatItReads() {
    assertThat(compose.environment("cairn").keySet()).isNotEmpty().allMatch(ConfigKey::isRead);
  }

  @Test
  void refusesToStartWithoutSecrets() {
    for (var secret : SECRETS.keySet()) {
      var others = new HashMap<>(SECRETS);
      others.remove(secret);
      assertThatThrownBy(() -> Compose.with(others)).hasMessageContaining(secret);
    }
  }

  @Test
  void whoeverHasNoTokenMayReadAndNotWrite() {
    assertThat(compose.environment("cairn"))
        .containsEntry("CAIRN_ACCESS_ANONYMOUS", "read")
        .containsEntry("CAIRN_ACCESS_ADMIN_TOKEN", "t");
  }

  @Test
  void theExampleNamesEveryVariableAndHoldsNoSecret() throws Exception {
    var assignment = Pattern.compile("(?m)^#?([A-Z0-9_]+)=(.*)$");
    var named = new TreeSet<String>();
    var matcher = assignment.matcher(Files.readString(EXAMPLE));
    while (matcher.find()) {
      named.add(matcher.group(1));
      if (SECRETS.containsKey(matcher.group(1))) {
        assertThat(matcher.group(2)).as(matcher.group(1)).isEmpty();
      }
    }
    assertThat(named).isEqualTo(Compose.variables());
    assertThat(Files.readString(Path.of(".gitignore"))).contains("/docker/.env\n");
  }

  @Test
  void everyImageIsPinned() throws Exception {
    for (var service : compose.services().values()) {
      assertThat(service.get("image").toString()).matches(".+:v?\\d+\\.\\d+.*");
    }
    assertThat(compose.service("cairn")).containsEntry("image", "cairn:" + Pom.version());
    assertThat(compose.service("postgres").get("image").toString()).startsWith("postgres:18.");
  }

  @Test
  void everyServiceIsConfined() {
    assertThat(compose.services().values())
        .hasSize(3)
        .allSatisfy(service -> {
          assertThat(service).containsEntry("read_only", true);
          assertThat(Compose.list(service.get("cap_drop"))).containsExactly("ALL");
          assertThat(service).doesNotContainKeys("cap_add", "privileged", "network_mode");
          assertThat(Compose.list(service.get("security_opt")))
              .containsExactly("no-new-privileges:true");
          assertThat(Compose.list(service.get("tmpfs"))).contains("/tmp");
          assertThat(Compose.map(service.get("healthcheck"))).containsKey("test");
        });
  }

  @Test
  void theServiceWaitsUntilTheOthersAreHealthy() {
    var dependencies = Compose.map(compose.service("cairn").get("depends_on"));
    assertThat(dependencies.keySet()).containsExactlyInAnyOrder("postgres", "s3");
    assertThat(dependencies.values())
        .allSatisfy(
            on -> assertThat(Compose.map(on)).containsEntry("condition", "service_healthy"));
  }

  @Test
  void dataLieInNamedVolumes() {
    var mounted = new HashSet<String>();
    for (var service : compose.services().values()) {
      for (var volume : Compose.list(service.get("volumes"))) {
        assertThat(volume).matches("[a-z0-9]+:/.+");
        mounted.add(volume.substring(0, volume.indexOf(':')));
      }
    }
    assertThat(mounted)
        .isNotEmpty()
        .isEqualTo(Compose.map(compose.document().get("volumes")).keySet());
    // Since 18 the image refuses a volume at the folder of the data.
    assertThat(Compose.list(compose.service("postgres").get("volumes")))
        .containsExactly("postgres:/var/lib/postgresql");
  }

  @Test
  void nothingIsPublishedToTheWorldUnlessAsked() {
    assertThat(compose.services().values())
        .allSatisfy(service ->
            assertThat(Compose.list(service.get("ports")))
                .allMatch(port -> port.startsWith("127.0.0.1:")));
    assertThat(compose.service("postgres")).doesNotContainKey("ports");
  }

  /** A URL that is presigned for another address than the one clients use is refused by S3. */
  @Test
  void presignedAddressesAreTheOnesThatArePublished() {
    var environment = compose.environment("cairn");
    var port = environment.get("CAIRN_S3_PUBLIC_ENDPOINT").replaceFirst("http://localhost:", "");
    assertThat(Compose.list(compose.service("s3").get("ports")))
        .containsExactly("127.0.0.1:" + port + ":7070");
    assertThat(environment).containsEntry("CAIRN_S3_ENDPOINT", "http://s3:7070");
    assertThat(compose.environment("s3"))
        .containsEntry("VGW_PORT", ":7070")
        .containsEntry("VGW_REGION", environment.get("CAIRN_S3_REGION"));
  }

  @Test
  void theServicesShareTheirSecrets() {
    var mine = compose.environment("cairn");
    assertThat(compose.environment("postgres"))
        .containsEntry("POSTGRES_PASSWORD", mine.get("QUARKUS_DATASOURCE_PASSWORD"))
        .containsEntry("POSTGRES_USER", mine.get("QUARKUS_DATASOURCE_USERNAME"));
    assertThat(mine.get("QUARKUS_DATASOURCE_JDBC_URL"))
        .endsWith("/" + compose.environment("postgres").get("POSTGRES_DB"));
    assertThat(compose.environment("s3"))
        .containsEntry("ROOT_ACCESS_KEY", mine.get("CAIRN_S3_ACCESS_KEY"))
        .containsEntry("ROOT_SECRET_KEY", mine.get("CAIRN_S3_SECRET_KEY"));
  }

  /** With other secrets, every place that needs one gets it: none is written into the file. */
  @Test
  void noSecretStandsInTheFile() throws Exception {
    var secret = SECRETS.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    assertThat(Files.readAllLines(Compose.FILE))
        .filteredOn(line -> line.matches(".*(PASSWORD|SECRET_KEY|ACCESS_KEY|ADMIN_TOKEN): .*"))
        .isNotEmpty()
        .allMatch(line -> line.matches(".*: \\$\\{(" + secret + "):\\?.*}"));
  }
}
