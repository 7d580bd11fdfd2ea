package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairn.platform.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullCommandTest {

  @TempDir Path folder;
  private final FakeRegistry registry;
  private Path root = Path.of("");
  private Path out = Path.of("");

  PullCommandTest() throws IOException {
    registry = new FakeRegistry();
  }

  @BeforeEach
  void publish() {
    root = Trees.run(folder.resolve("tiny"));
    out = folder.resolve("out");
    var published = Program.run("publish", root, "--project", "lab", "--to", registry.url());
    assertThat(published.exitCode()).as(published.err()).isZero();
    registry.requests.clear();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Program pull(String address, Object... more) {
    var arguments = new ArrayList<Object>(List.of("pull", address, "--from", registry.url()));
    arguments.addAll(List.of("--out", out, "--json"));
    arguments.addAll(List.of(more));
    return Program.run(arguments.toArray());
  }

  @Test
  void fetchesSharedBytesOnce() {
    var pulled = pull("lab/tiny").json();
    var distinct = Trees.digests(root).values().stream().distinct().count();
    assertThat(pulled.count("artifactsDownloaded")).isEqualTo(distinct);
    // The empty file needs no request.
    assertThat(registry.count("GET /store/get/.*")).isEqualTo(distinct - 1);
    assertThat(pulled.count("filesCopied")).isEqualTo(Trees.digests(root).size() - distinct);
    assertThat(out.resolve(OutputFolder.STAGING)).doesNotExist();
  }

  @Test
  void leavesRightFilesAloneAndMendsTheOthers() throws IOException {
    pull("lab/tiny");
    registry.requests.clear();
    Trees.write(out, "metrics.csv", "damaged");
    Files.delete(out.resolve("checkpoints/step1/model.safetensors"));
    var again = pull("lab/tiny").json();
    assertThat(again.count("artifactsDownloaded")).isEqualTo(2);
    assertThat(registry.count("GET /store/get/.*")).isEqualTo(2);
    assertThat(Trees.digests(out)).isEqualTo(Trees.digests(root));
  }

  @Test
  void pullsOneCheckpointAndPatterns() {
    assertThat(pull("lab/tiny@step4").exitCode()).isZero();
    assertThat(Trees.digests(out).keySet())
        .hasSize(7)
        .allMatch(path -> path.startsWith("checkpoints/step4/"));
    assertThat(pull("lab/tiny", "--only", "*.csv").exitCode()).isZero();
    assertThat(out.resolve("metrics.csv")).exists();
    assertThat(pull("lab/tiny", "--only", "checkpoints/step1/**").exitCode()).isZero();
    assertThat(out.resolve("checkpoints/step1/model.safetensors")).exists();
    assertThat(out.resolve("config.yaml")).doesNotExist();
    assertThat(pull("lab/tiny", "--only", "*.nothing").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(pull("lab/tiny", "--only", "[").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void tellsWhatIsNotThere() {
    assertThat(pull("lab/none").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(pull("lab/tiny@step77").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(pull("none").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(pull("a/b/c").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void goesOnWhereAConnectionBroke() {
    registry.cutDownloadsAfter = 1000;
    var pulled = pull("lab/tiny");
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(Trees.digests(out)).isEqualTo(Trees.digests(root));
    var distinctBytes = 3 * 2500 + 2 * 3000 + 500;
    assertThat(pulled.json().count("bytesReceived")).isLessThan(distinctBytes + 4000);
  }

  @Test
  void takesUpWhatAnEarlierPullHasLeft() {
    var bytes = Trees.noise(1, 2500);
    var digest = Sha256.of(bytes).hex();
    Trees.write(out, ".cairn-pull/" + digest + ".part", java.util.Arrays.copyOf(bytes, 1500));
    var pulled = pull("lab/tiny@step1");
    assertThat(pulled.json().count("bytesResumed")).isEqualTo(1500);
    assertThat(out.resolve("checkpoints/step1/model.safetensors")).hasBinaryContent(bytes);
  }

  @Test
  void throwsAwayADamagedRest() {
    var bytes = Trees.noise(1, 2500);
    var digest = Sha256.of(bytes).hex();
    Trees.write(out, ".cairn-pull/" + digest + ".part", Trees.noise(13, 1500));
    assertThat(pull("lab/tiny@step1").exitCode()).isZero();
    assertThat(out.resolve("checkpoints/step1/model.safetensors")).hasBinaryContent(bytes);
  }

  @Test
  void copesWithAStoreThatKnowsNoRanges() {
    registry.knowsRanges = false;
    var bytes = Trees.noise(1, 2500);
    var digest = Sha256.of(bytes).hex();
    Trees.write(out, ".cairn-pull/" + digest + ".part", java.util.Arrays.copyOf(bytes, 1500));
    assertThat(pull("lab/tiny@step1").exitCode()).isZero();
    assertThat(out.resolve("checkpoints/step1/model.safetensors")).hasBinaryContent(bytes);
  }

  @Test
  void refusesBytesThatAreNotTheirDigest() {
    var digest = Sha256.of(Trees.noise(1, 2500));
    registry.artifacts.put(digest, Trees.noise(14, 2500));
    var pulled = pull("lab/tiny");
    assertThat(pulled.exitCode()).isEqualTo(ExitCode.MISMATCH);
    assertThat(pulled.err()).contains("checkpoints/step1/model.safetensors: the bytes that arrive");
    assertThat(out.resolve("checkpoints/step1/model.safetensors")).doesNotExist();
    assertThat(Trees.digests(out))
        .containsEntry("metrics.csv", Trees.digests(root).get("metrics.csv"));
  }

  @Test
  void asksTheRegistryAgainWhereTheAddressHasExpired() {
    var gets = new AtomicInteger();
    registry.fault =
        (method, path) ->
            path.startsWith("/store/get/") && gets.incrementAndGet() == 1
                ? Optional.of(403)
                : Optional.empty();
    assertThat(pull("lab/tiny@step1").exitCode()).isZero();
    assertThat(gets).hasValueGreaterThan(1);
  }

  @Test
  void writesNothingWhereTheServerLies() {
    var files = registry.catalogue.objects;
    var evil = Objects.requireNonNull(files.remove("/v1/projects/lab/runs/tiny/files/metrics.csv"));
    files.put(
        "/v1/projects/lab/runs/tiny/files/../../evil", evil.deepCopy().put("path", "../../evil"));
    var pulled = pull("lab/tiny");
    assertThat(pulled.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(pulled.err()).contains("The path ../../evil is refused");
    assertThat(out).doesNotExist();
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  void refusesAFolderThatAServerMadeUpForACheckpoint() {
    var checkpoint = registry.catalogue.at("lab/runs/tiny/checkpoints/step1");
    checkpoint.putObject("metadata").putObject("publish").put("folder", "..");
    assertThat(pull("lab/tiny").err()).contains("is refused");
    registry
        .catalogue
        .at("lab/runs/tiny")
        .putObject("metadata")
        .putObject("publish")
        .put("checkpoints", "/etc");
    assertThat(pull("lab/tiny").err()).contains("is refused");
  }

  @Test
  void verifiesAPulledFolderAgainstTheRegistry() throws IOException {
    pull("lab/tiny");
    var right = Program.run("verify", out, "--against", registry.url(), "lab/tiny", "--json");
    assertThat(right.exitCode()).as(right.err()).isZero();
    assertThat(right.json().count("right")).isEqualTo(Trees.digests(root).size());
    for (var words :
        new Object[][] {
          {"verify", out, "--against", "lab/tiny", "--from", registry.url()},
          {"verify", "--from", registry.url(), "--against", "lab/tiny", out},
          {"verify", "--against", registry.url(), "lab/tiny", "--strict", out}
        }) {
      assertThat(Program.run(words).exitCode()).as(java.util.Arrays.toString(words)).isZero();
    }
    assertThat(Program.run("verify", "--against", "lab/tiny").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(Program.run("verify", out, "--against", registry.url()).exitCode())
        .isEqualTo(ExitCode.USAGE);
    Trees.write(out, "metrics.csv", "other");
    Trees.write(out, "new.txt", "new");
    Files.delete(out.resolve("train.py"));
    var wrong = Program.run("verify", out, "--against", registry.url(), "lab/tiny");
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.MISMATCH);
    assertThat(wrong.out())
        .contains("missing  train.py", "changed  metrics.csv", "extra    new.txt")
        .contains("1 missing, 1 changed, 1 extra");
  }

  @Test
  void lists() {
    registry
        .catalogue
        .at("lab/runs/tiny/checkpoints/step1")
        .put("tokens", 192)
        .put("fileCount", 3)
        .put("totalSize", 2520)
        .put("manifestDigest", "f".repeat(64));
    for (var label : new String[] {"step0", "step4"}) {
      registry
          .catalogue
          .at("lab/runs/tiny/checkpoints/" + label)
          .put("fileCount", 3)
          .put("totalSize", 2520);
    }
    assertThat(list().out()).contains("PROJECT").contains("lab");
    assertThat(list("lab").out()).contains("tiny");
    assertThat(list("lab/tiny").out().lines())
        .hasSize(4)
        .anyMatch(line -> line.matches("step1 +1 +192 +3 +2.5 kB +sealed +ffffffffffffffff"))
        .anyMatch(line -> line.matches("step0 +0 +unknown .*"));
    assertThat(list("lab/tiny@step1").out()).contains("model.safetensors", "weights", "2.5 kB");
    assertThat(list("lab/tiny@step1", "--json").json().requireList("items")).hasSize(3);
    var none = list("lab/none", "--json");
    assertThat(none.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(none.json().texts("failures")).hasSize(1);
    assertThat(none.err()).hasLineCount(1).startsWith("cairn: ");
  }

  private Program list(Object... more) {
    var arguments = new ArrayList<Object>(List.of("ls", "--from", registry.url()));
    arguments.addAll(List.of(more));
    return Program.run(arguments.toArray());
  }
}
