package org.cairn.importer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cairn.importer.ParentRules.Reference;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.Names;
import org.cairn.recipe.RawConfiguration;
import org.cairn.trajectory.EvaluationResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the files of a release are, they are read, and all rules look at what was read, or they
 * are refused as unreadable; and soon.
 */
@Timeout(60)
class ImportReadersFuzzTest {

  private static final long SEED = 20261126;
  private static final int ROUNDS = 600;

  private static final List<String> MANIFESTS =
      List.of(
          """
          Step,Checkpoint Directory
          0,https://host/run/step0-unsharded/
          1000,https://host/run/step1000-unsharded/
          2000,https://host/run/step2000-unsharded/
          3000,https://host/other/step3000-unsharded/
          3000,https://host/run/step3000-unsharded/
          4000,/weka/run/step4100
          """,
          """
          Ingredient,Step,Checkpoint Directory
          1,11000,https://host/stage2/ingredient1/step11000/
          1,11931,https://host/stage2/ingredient1/step11931+11000+10000/
          2,11931,https://host/stage2/ingredient2/step11931/
          """,
          """
          Stage,Step,Tokens Seen,Checkpoint Directory
          stage1,1000,4000,s3://b/stage1/step1000/
          stage1,2000,8000,s3://b/stage1/step2000/
          stage1,3000,12000,s3://b/stage1/step3000/
          stage_2,1000,16000,s3://b/stage2/step1000/
          stage_2,2000,19999,s3://b/stage2/step2000/
          """,
          """
          Stage,Step,Tokens Seen,Checkpoint Directory
          stage1_pre,1000,4000,s3://b/step1000/
          stage2_mid_ingredient1,1000,8000,s3://b/ingredient1/step1000/
          stage2_mid_ingredient2,1000,8000,s3://b/ingredient2/step1000/
          stage2_mid_souped,1000,12000,s3://b/souped/ingredient1+2-step1000/
          """,
          """
          seed,step,hf_repo,kind
          0,20000,google/multiberts-seed_0-step_20k,intermediate
          1,40000,google/multiberts-seed_1-step_40k,intermediate
          """);

  private static final List<String> LISTINGS =
      List.of(
          """
          {"samples_per_step": 1024, "sequence_length_trained": 2048,
           "steps": [0, 1, 2, 4, 8, 16, 1000, 2000, 3000, 4000, 9000]}
          """,
          """
          {"checkpoints": [
            {"step": 10, "stage": "stage1", "branch": "b", "tokens": 160, "address": "hf://a/b@step10"},
            {"step": 20, "stage": "stage1", "branch": "b", "tokens": 320},
            {"step": 30, "tokens": 481}]}
          """,
          """
          {"batchSchedule": [{"fromStep": 0, "sequencesPerStep": 2, "sequenceLength": 8},
            {"fromStep": 20, "sequencesPerStep": 4, "sequenceLength": 8}],
           "checkpoints": [{"step": 10, "tokens": 160}, {"label": "step20-tokens1K"},
            {"label": "step30-tokens9K"}]}
          """,
          "main\n1a2b\trefs/heads/step1000\nstage2-ingredient1-step2000-tokens5B\n");

  private static final String LAUNCHES =
      """
      {"runs": [
        {"run": "m/stage1", "load_path": null, "stop_at": 100, "hf_revision": "step100-tokens2B",
         "global_batch_tokens": 10000000},
        {"run": "m/stage1-part2", "load_path": "s3://b/step90", "load_trainer_state": true,
         "hard_stop_step": 200, "hf_revision": "step200-tokens1B", "tokens_per_step": 10000000},
        {"run": "m/stage2", "load_path": "s3://b/step200", "final_step_in_csv": 5},
        {"run": "n/anneal", "load_path": "s3://b/step5"}]}
      """;

  private static final String PHASES =
      """
      {"sequence_length": 100,
       "batch_schedule": [{"start_step": 0, "sequences": 10}, {"start_step": 100, "sequences": 20}],
       "phases": [
        {"name": "kestrel", "start_step": 0, "handoff_step_next": 150, "weights_kind": "raw",
         "output_path": "checkpoints/a", "init_from": null, "model_card_tokens": 200000},
        {"name": "ocelot", "start_step": 150, "handoff_step_next": 200, "weights_kind": "ema",
         "init_from": "step-140", "model_card_tokens": 299000}]}
      """;

  private static final List<String> EVALUATIONS =
      List.of(
          """
          {"results": {"lambada": {"ppl": 12.5, "ppl_stderr": 0.1, "acc": 1}, "piqa": {"acc": 0.25}},
           "config": {"model_args": "pretrained=EleutherAI/pythia-70m,revision=step512",
                      "num_fewshot": 5, "batch_size": 32}}
          """,
          """
          {"results": {"piqa": {"alias": "piqa", "acc,none": 0.25, "acc_stderr,none": 0.01}},
           "n-shot": {"piqa": 0}, "model_name": "m",
           "config": {"model_args": {"pretrained": "EleutherAI/pythia-70m", "revision": "step512"},
                      "batch_size": "auto:4", "batch_sizes": [64]}}
          """);

  private static final List<String> TABLES =
      List.of(
          """
          model,variant,step,task,metric,value
          a,zero-shot,1,piqa,acc,0.5
          a,zero-shot,1,piqa,acc,0.50
          a,zero-shot,2,arc,acc,1e-2
          b,,1,piqa,acc,0.5
          """,
          """
          model_dir,num_fewshot,step,task,metric,value
          a,5,1000,t1,m,1
          a,5,1000,t2,m,1
          a,5,1000,t3,m,1
          a,5,1000,t4,m,1
          a,5,1000,t5,m,1
          a,5,1001,t1,m,1
          a,5,1001,t2,m,1
          a,5,1001,t3,m,1
          a,5,1001,t4,m,1
          a,5,1001,t5,m,1
          """);

  private static final List<String> DIGESTS =
      List.of(
          "model,revision,sha256\nm,step1,%s\nm,step2,%s\nm,step3,\n"
              .formatted("ab".repeat(32), "ab".repeat(32)),
          "revision,sha256_prefix\nstep1,0123456789abcdef\nmain,0123456789abcdef\nstep2,0123\n");

  private static final List<String> CONFIGURATIONS =
      List.of(
          """
          {"train-iters": 100, "train_batch_size": 8, "seq-length": 2048, "warmup": 0.01,
           "load": "/fsx/checkpoints/run/step10", "optimizer": {"params": {"lr": 0.00025}},
           "fp16": {"enabled": true}}
          """,
          """
          seed: 1
          global_train_batch_size: 2048
          load_path: https://host/run/step10-unsharded/
          precision: amp_bf16
          model: &m {max_sequence_length: 2048, init_fn: normal}
          optimizer: {<<: *m, learning_rate: 3e-4}
          data: [{paths: [/weka/a/b, s3://b/c]}]
          """);

  private static final List<String> LABELS =
      List.of("step10-tokens4B", "stage1-step100000-tokens400B", "step7-tokens999999999999999999M");

  private static final Map<String, String> CLAIMS =
      Map.of("learningRate", "3.0e-4", "seed", "1e9", "precision", "bf16", "none", "x");

  /** Reads a file and has all rules look at it. */
  private interface Reader {
    void read(byte[] bytes) throws Exception;
  }

  private static void fuzz(int rounds, List<String> files, Reader reader) {
    var random = new SplittableRandom(SEED);
    int read = 0;
    for (int round = 0; round < rounds; round++) {
      var bytes = Spoilt.file(random, files.get(round % files.size()));
      try {
        reader.read(bytes);
        read++;
      } catch (UnreadableListingException e) {
        assertThat(e).hasMessageMatching("(?s).{5,}");
      } catch (Exception | StackOverflowError e) {
        throw new AssertionError(
            "seed %d, round %d: %s".formatted(SEED, round, new String(bytes, UTF_8)), e);
      }
    }
    assertThat(read).as("files that were read all the same").isBetween(rounds / 20, rounds - 1);
  }

  private static ByteArrayInputStream in(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static void told(Collection<Fault> faults) {
    for (var fault : faults) {
      assertThat(fault.kind()).matches("[a-z-]+");
      assertThat(fault.subject()).isNotEmpty();
      assertThat(fault.evidence().toString()).startsWith("{");
    }
  }

  private static void rules(Listing listing) {
    told(ListingRules.check(listing));
    var parents = new ArrayList<Reference>();
    parents.add(new Reference("c.yml", "https://host/run/step1500-unsharded/"));
    listing.checkpoints().stream()
        .map(ListedCheckpoint::address)
        .filter(Objects::nonNull)
        .forEach(address -> parents.add(new Reference("d.yml", address + "/../step7")));
    told(ParentRules.check(listing, parents));
    told(ParentRules.unreachable(parents));
  }

  private static void rules(List<EvaluationResults> results) {
    told(EqualResults.ofRun("r", results, Set.of(0L, 1_000L)));
    EqualResults.ofRuns("r", results, "s", results).ifPresent(fault -> told(List.of(fault)));
    told(EvaluationArms.check("r", results));
  }

  private static void manifest(byte[] bytes) throws Exception {
    CsvListing.readRuns("m.csv", in(bytes)).values().forEach(ImportReadersFuzzTest::rules);
  }

  private static void configuration(byte[] bytes) {
    var resolved = RawConfiguration.parse(bytes).resolved();
    if (resolved == null) {
      throw new UnreadableListingException("does not parse");
    }
    var settings = TrainingSettings.of("c.yml", resolved);
    told(ConfigurationRules.unrecordedDefaults(settings));
    ConfigurationRules.claims(settings, CLAIMS, "README.md")
        .ifPresent(fault -> told(List.of(fault)));
    told(ConfigurationRules.labels(settings, "stage1", LABELS).toList());
    PrivateAddresses.check(settings).ifPresent(fault -> told(List.of(fault)));
    assertThat(settings.restingUpdates()).hasSizeLessThan(2);
    settings.parent().flatMap(LabelGrammars::parse).ifPresent(said -> assertThat(said).isNotNull());
  }

  private static void launches(byte[] bytes) {
    var lineage = Lineage.read("l.json", bytes);
    told(SegmentBorders.check(lineage));
    for (var launch : lineage.launches()) {
      LabelRounding.check(launch.run(), lineage.labels(launch.run()))
          .ifPresent(fault -> told(List.of(fault)));
    }
  }

  @Test
  void manifests() {
    fuzz(ROUNDS, MANIFESTS, ImportReadersFuzzTest::manifest);
  }

  @Test
  void listings() {
    fuzz(
        ROUNDS,
        LISTINGS,
        bytes -> {
          var read = JsonListing.read("l.json", bytes);
          rules(read.listing());
          told(read.check().toList());
        });
  }

  @Test
  void launches() {
    fuzz(ROUNDS, List.of(LAUNCHES), ImportReadersFuzzTest::launches);
  }

  @Test
  void phases() {
    fuzz(
        ROUNDS,
        List.of(PHASES),
        bytes -> {
          var phases = Phases.read("p.json", bytes);
          told(phases.check());
          rules(phases.listing());
        });
  }

  @Test
  void evaluations() {
    fuzz(
        ROUNDS,
        EVALUATIONS,
        bytes -> rules(List.of(LmEvalFile.read("evals/70m_step7.json", bytes))));
  }

  @Test
  void tablesOfEvaluations() {
    fuzz(
        ROUNDS,
        TABLES,
        bytes -> {
          var table = EvaluationTable.read("t.csv", in(bytes));
          rules(table.results());
          table.repeated().ifPresent(fault -> told(List.of(fault)));
          for (var results : table.results()) {
            assertThat(results.step()).isNotNegative();
            results
                .values()
                .forEach((name, value) -> {
                  assertThat(name).hasSizeLessThan(1_000).doesNotContain("\0");
                  assertThat(value.toPlainString()).hasSizeLessThan(1_000);
                });
          }
        });
  }

  @Test
  void digests() {
    fuzz(
        ROUNDS,
        DIGESTS,
        bytes -> told(EqualContents.check("d.csv", ContentListing.read(in(bytes)), Set.of(1L))));
  }

  @Test
  void configurations() {
    fuzz(ROUNDS, CONFIGURATIONS, ImportReadersFuzzTest::configuration);
  }

  /** A server of the Hub's protocol that answers whatever it is told to. */
  private static final class Server implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer http;
    private final PublicHttp client;
    private volatile byte[] refs = new byte[0];
    private volatile byte[] tree = new byte[0];
    private volatile String link = "";

    Server() {
      http =
          vertx
              .createHttpServer()
              .requestHandler(this::answer)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .join();
      client =
          new PublicHttp(
              vertx.createHttpClient(),
              name -> List.of(InetAddress.getLoopbackAddress()),
              Set.of("127.0.0.1:" + http.actualPort()));
    }

    private void answer(HttpServerRequest request) {
      boolean isTree = request.uri().contains("/tree/");
      if (isTree && !link.isEmpty()) {
        request.response().putHeader("Link", link);
      }
      request.response().end(io.vertx.core.buffer.Buffer.buffer(isTree ? tree : refs));
    }

    RunReading list() throws InterruptedException {
      var run = new RunReading();
      new HubListing(client, "http://127.0.0.1:" + http.actualPort(), "o/r", run).read(() -> false);
      return run;
    }

    @Override
    public void close() {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static final String REFS =
      """
      {"branches": [{"name": "main"}, {"name": "step1"}, {"name": "stage1-step2-tokens1B"}],
       "tags": [{"name": "v1"}]}
      """;

  private static final String TREE =
      """
      [{"type": "file", "path": "a/model.safetensors", "size": 5, "oid": "aa",
        "lfs": {"oid": "%s", "size": 10}},
       {"type": "directory", "path": "a"},
       {"type": "file", "path": "config.json", "size": 3, "oid": "bb"}]
      """
          .formatted("ab".repeat(32));

  @Test
  void repositories() {
    try (var server = new Server()) {
      var random = new SplittableRandom(SEED);
      fuzz(
          ROUNDS / 2,
          List.of(REFS, "{\"tree\":" + TREE + "}"),
          bytes -> {
            var text = new String(bytes, UTF_8);
            boolean ofTree = text.startsWith("{\"tree\":");
            server.refs = ofTree ? REFS.getBytes(UTF_8) : bytes;
            server.tree =
                ofTree
                    ? text.substring(8, Math.max(8, text.length() - 1)).getBytes(UTF_8)
                    : TREE.getBytes(UTF_8);
            server.link =
                random.nextInt(20) > 0
                    ? ""
                    : "<" + "ht:tp //%".repeat(random.nextInt(3)) + ">; rel=next";
            var run = server.list();
            told(run.faults);
            run.listings.forEach(ImportReadersFuzzTest::rules);
            run.contents.forEach(
                said -> told(EqualContents.check(said.file(), said.published(), Set.of())));
            run.remoteFiles.forEach(file -> assertThat(file.path()).doesNotContain("\0"));
          });
    }
  }

  @Test
  void aRepositoryHasAnEnd() {
    try (var server = new Server()) {
      server.refs = REFS.getBytes(UTF_8);
      server.tree = "[]".getBytes(UTF_8);
      server.link = "<?cursor=1>; rel=\"next\"";
      assertThatThrownBy(server::list)
          .isInstanceOf(UnreadableListingException.class)
          .hasMessageContaining("pages of files in step1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "step-step_",
        "a",
        "a-",
        "a.a_",
        "step1",
        "step1-1k",
        "-1",
        "-1.",
        "-hf",
        "-unsharded",
        "epoch=1-",
        "step1+1",
        "+1",
        "9",
        "tokens1B",
        "/step1x",
        "a/",
        "/stage1-ingredient1",
        "@step1",
        "seed_1-",
        "://",
        "\u00e9"
      })
  void noLabelTakesLong(String piece) {
    var labels = new ArrayList<String>();
    for (var beginning : List.of("", "step1", "step1-tokens1", "://a/", "a/a@", "epoch=1-", "x-")) {
      for (var end : List.of("", "!", "step", "/step1", "k")) {
        for (int length : new int[] {90, 300, Names.LABEL_MAX}) {
          int middle = length - beginning.length() - end.length();
          labels.add(beginning + piece.repeat(middle / piece.length()) + end);
        }
      }
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () ->
            labels.forEach(label ->
                LabelGrammars.parse(label).ifPresent(said -> assertThat(said).isNotNull())));
  }

  @Test
  void aDeepFolderIsReadLikeAnother() throws Exception {
    manifest(("Step,Url\n1," + "/a".repeat(32_000) + "\n").getBytes(UTF_8));
    configuration(("{\"seed\":1,\"data\":\"" + "/a".repeat(500_000) + "\"}").getBytes(UTF_8));
    assertThat(PrivateAddresses.isPrivate("/a".repeat(500_000))).isTrue();
    assertThat(PrivateAddresses.isPrivate("~/a/b.c/")).isTrue();
    assertThat(PrivateAddresses.isPrivate("/a//b")).isFalse();
    assertThat(PrivateAddresses.isPrivate("/a/")).isFalse();
  }

  @Test
  void aCountOfAMillionDigitsIsNone() {
    var settings =
        TrainingSettings.of(
            "c.yml",
            Objects.requireNonNull(
                RawConfiguration.parse(
                        ("{\"global_train_batch_size\":\"" + "9".repeat(1_000_000) + "\"}")
                            .getBytes(UTF_8))
                    .resolved()));
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(settings.tokensPerStep()).isEmpty());
  }

  /** Joined, its keys would be of a gigabyte. */
  @Test
  void keysOfASmallFileStaySmall() {
    var text = new StringBuilder("{\"seed\":1,").repeat("\"" + "k".repeat(900) + "\":{", 40);
    for (int i = 0; i < 10_000; i++) {
      text.append(i == 0 ? "" : ",").append('"').append(i).append("\":1");
    }
    var parsed = RawConfiguration.parse(text.repeat("}", 41).toString().getBytes(UTF_8));
    var settings = TrainingSettings.of("c.yml", Objects.requireNonNull(parsed.resolved()));
    assertThat(settings.values()).containsOnlyKeys("seed");
  }

  @Test
  void manyLaunchesTakeNoLonger() {
    var text = new StringBuilder("{\"runs\":[");
    for (int i = 0; i < Lineage.MAX_LAUNCHES; i++) {
      text.append(i == 0 ? "" : ",")
          .append("{\"load_trainer_state\":true,\"run\":\"")
          .repeat("r", 2_000)
          .append("/s")
          .append(i)
          .append("\"}");
    }
    var lineage = Lineage.read("l.json", text.append("]}").toString().getBytes(UTF_8));
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(SegmentBorders.check(lineage)).isEmpty());
  }

  @Test
  void labelsOfManyBatchesTakeNoLonger() {
    var configuration = "{\"global_train_batch_size\":20000,\"model\":{\"max_sequence_length\":1}}";
    var settings =
        TrainingSettings.of(
            "c.yml",
            Objects.requireNonNull(
                RawConfiguration.parse(configuration.getBytes(UTF_8)).resolved()));
    var labels =
        IntStream.range(0, 20_000).mapToObj(i -> "step" + (200_100_000 + i) + "-tokens1T").toList();
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertThat(ConfigurationRules.labels(settings, "", labels)).isNotEmpty());
  }
}
