package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.PeerProcess;
import org.cairn.testsupport.PeerProgram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Hub's own clients write to the packaged registry, with and without Xet, where bytes are sent
 * to the store and where they are not. The registry has little memory: whatever they send does not
 * fill it.
 */
@Tag("conformance")
class HubWritingIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static @TempDir Path folder;
  private static Registries registries;

  @BeforeAll
  static void start() {
    registries =
        Registries.start(
            folder, Map.of("JAVA_OPTS", "-Xmx256m -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData"));
  }

  @AfterAll
  static void stop() {
    registries.close();
  }

  private static String url(String mode) {
    return registries.url(mode);
  }

  @ParameterizedTest
  @CsvSource({
    "python-hub-0,presigned,default",
    "python-hub-0,proxied,lfs",
    "python-hub-1,presigned,lfs",
    "python-hub-1,proxied,default",
    "python-models,presigned,default",
    "python-models,presigned,lfs",
    "python-models,proxied,default",
    "python-models,proxied,lfs"
  })
  void whatPythonWritesIsReadThroughBothSurfaces(String python, String mode, String transfer)
      throws Exception {
    say(python(python, mode, "hub_write.py", transfer));
  }

  @ParameterizedTest
  @CsvSource({"python-hub-1,proxied", "python-models,presigned"})
  void filesThatShareMostBytesAreEachWhole(String python, String mode) throws Exception {
    say(python(python, mode, "hub_write_pieces.py"));
  }

  @ParameterizedTest
  @CsvSource({"python-hub-0,presigned", "python-models,proxied"})
  void commitsThatAreLargerThanHalfOfTheMemoryAreTaken(String python, String mode)
      throws Exception {
    say(python(python, mode, "commit_large.py"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"presigned", "proxied"})
  void whatJavaScriptWritesIsRead(String mode) throws Exception {
    say(
        run(
            Map.of(),
            "node",
            "src/test/node/hub_write.mjs",
            PeerProcess.locate("node", folder).toString(),
            url(mode),
            "written"));
  }

  /** A program that trains, and that knows nothing of this service but its address. */
  @Test
  void aTrainingLoopPublishesItsTrajectory() throws Exception {
    say(models("train_and_push.py", "trained/tiny"));
    var run = url("presigned") + "/v1/projects/trained/runs/tiny";
    var checkpoints = json(run + "/checkpoints").path("items");
    assertThat(checkpoints.findValuesAsText("label"))
        .containsExactly("step0", "step1", "step2", "step4", "step8");
    assertThat(checkpoints.findValuesAsText("step")).containsExactly("0", "1", "2", "4", "8");
    assertThat(checkpoints)
        .extracting(checkpoint -> checkpoint.path("tokens").asInt(-1))
        .containsExactly(0, 64, 128, 256, 512);
    var tensors = json(run + "/checkpoints/step8/tensors").path("items");
    assertThat(tensors.findValuesAsText("name")).contains("gpt_neox.embed_in.weight");
    var series = json(run + "/tensor-statistics?name=gpt_neox.embed_in.weight").path("items");
    assertThat(series.findValuesAsText("tokens")).containsExactly("0", "64", "128", "256", "512");
    assertThat(series.findValuesAsText("l2")).doesNotHaveDuplicates();
    assertThat(json(run + "/files").path("items").findValuesAsText("path"))
        .containsExactly("README.md");
    var sealed = CairnProcess.post(run + "/checkpoints/step8/seal", "");
    assertThat(sealed.statusCode()).as(sealed.body()).isEqualTo(200);
    var digest = json(run + "/checkpoints/step8").path("weightsDigest");
    assertThat(fails("train_and_push.py", "trained/tiny")).contains("step8 is sealed", "403");
    assertThat(json(run + "/checkpoints/step8").path("weightsDigest"))
        .isEqualTo(digest)
        .isNotEqualTo(json(run + "/checkpoints/step4").path("weightsDigest"));
  }

  @Test
  void transformersPushesModelsToStepsAndLoadsThem() throws Exception {
    say(models("push_models.py", "pushed/tiny"));
  }

  @Test
  void datasetsPushesVersions() throws Exception {
    say(models("push_datasets.py", "pushed/tokens"));
    assertThat(
            json(url("presigned") + "/v1/projects/pushed/datasets/tokens/versions")
                .path("items")
                .findValuesAsText("version"))
        .containsExactly("r2", "r1");
  }

  private static JsonNode json(String url) throws Exception {
    var answer = CairnProcess.get(url);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static void say(String line) {
    System.out.println("The Hub's clients: " + line);
  }

  private static String python(String python, String mode, String script, String... more)
      throws Exception {
    var words = new ArrayList<String>();
    words.add(PeerProcess.locate(python, folder).toString());
    words.addAll(List.of("src/test/python/" + script, url(mode), "written", folder.toString()));
    words.addAll(List.of(more));
    return run(Map.of(), words.toArray(String[]::new));
  }

  private static String models(String script, String repository) throws Exception {
    return run(
        environment(),
        PeerProcess.locate("python-models", folder).toString(),
        "src/test/python/" + script,
        repository);
  }

  private static Map<String, String> environment() throws Exception {
    return Map.of(
        "HF_ENDPOINT",
        url("presigned"),
        "HF_TOKEN",
        "hf_anything",
        "HF_HUB_DISABLE_PROGRESS_BARS",
        "1",
        "HF_HOME",
        Files.createTempDirectory(folder, "home").toString());
  }

  private static String run(Map<String, String> environment, String... words) throws Exception {
    return PeerProgram.lastLine(folder, environment, words);
  }

  /** What a program complains of that must not end well. */
  private static String fails(String script, String repository) throws Exception {
    var ended =
        PeerProgram.run(
            folder,
            environment(),
            PeerProcess.locate("python-models", folder).toString(),
            "src/test/python/" + script,
            repository);
    assertThat(ended.status()).as("%s\n%s", ended.said(), ended.complaints()).isNotZero();
    return ended.complaints();
  }
}
