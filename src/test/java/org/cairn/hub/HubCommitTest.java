package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Repo.bytes;
import static org.cairn.hub.Writer.deleted;
import static org.cairn.hub.Writer.file;
import static org.cairn.hub.Writer.header;
import static org.cairn.hub.Writer.lfsFile;
import static org.cairn.hub.Writer.parent;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits as clients of the Hub send them. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class HubCommitTest {

  private static final String NOBODY = "0".repeat(64);

  private Writer writer;
  private Repo repo;

  @BeforeEach
  void create() {
    writer = Writer.create();
    repo = writer.repo();
  }

  private static byte[] weights(int floats) {
    return new Safetensors()
        .floats("embed.weight", List.of(floats), Safetensors.values(floats, floats))
        .bytes();
  }

  private static byte[] large(int size) {
    var bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }

  private List<String> files(String revision) {
    return Repo.paths(repo.tree(revision + "?recursive=true")).stream().sorted().toList();
  }

  @Test
  void aCommitToTheNameOfAStepBeginsADraftWithTensors() throws Exception {
    var weights = weights(3_001);
    writer
        .preupload("step1000", "model.safetensors", weights)
        .statusCode(200)
        .body("files[0].uploadMode", equalTo("lfs"))
        .body("files[0].shouldIgnore", equalTo(false))
        .body("files[0].oid", nullValue());
    writer
        .preupload("step1000", "config.json", bytes("{}"))
        .body("files[0].uploadMode", equalTo("regular"));
    writer.send(Sha256.of(weights), weights);
    var answer =
        writer
            .commit(
                "step1000",
                header(),
                file("config.json", "{\"a\":1}"),
                file("sub/empty", ""),
                lfsFile("model.safetensors", weights))
            .statusCode(200)
            .body("success", equalTo(true));
    String commit = answer.extract().path("commitOid");
    answer.body(
        "commitUrl", endsWith("/" + repo.project() + "/" + repo.name() + "/commit/" + commit));
    assertThat(repo.commit("step1000")).isEqualTo(commit);
    assertThat(files("step1000")).contains("config.json", "model.safetensors", "sub/empty");
    assertThat(Given.download(repo.resolve("step1000/config.json")).body())
        .isEqualTo(bytes("{\"a\":1}"));
    assertThat(Given.download(repo.resolve(commit + "/model.safetensors")).body())
        .isEqualTo(weights);
    RestAssured.get(repo.run() + "/checkpoints/step1000")
        .then()
        .statusCode(200)
        .body("step", equalTo(1000))
        .body("state", equalTo("draft"))
        .body("files.role", contains("config", "weights", "other"));
    repo.seal("step1000");
    RestAssured.get(repo.run() + "/checkpoints/step1000/tensors")
        .then()
        .statusCode(200)
        .body("items[0].name", equalTo("embed.weight"));
    // What is there already need not be sent, and is not asked for.
    writer
        .batch(Sha256.of(weights).hex(), weights.length, "basic")
        .body("objects[0].actions", nullValue());
  }

  @Test
  void aFileInPartsIsVerifiedBeforeItCanBeRead() throws Exception {
    var bytes = large(17 << 20);
    writer.send(Sha256.of(bytes), bytes);
    writer.committed("step1", header(), lfsFile("optimizer.pt", bytes));
    assertThat(Given.download(repo.resolve("step1/optimizer.pt")).body()).isEqualTo(bytes);
    writer
        .preupload("step1", "optimizer.pt", bytes)
        .body("files[0].oid", equalTo(Sha256.of(bytes).hex()));
  }

  @Test
  void bytesThatAreNotWhatTheyClaimAreRefused() throws Exception {
    var claimed = Sha256.of(bytes("something else " + repo.project()));
    writer.send(claimed, bytes("0123456789"));
    writer
        .commit("step1", header(), file("a.txt", "a"), lfsFile("b.bin", claimed.hex(), 10))
        .statusCode(400)
        .body("error", containsString("b.bin failed verification"));
    repo.head("step1/a.txt").statusCode(404).header("X-Error-Code", equalTo("RevisionNotFound"));
  }

  @Test
  void aCommitTakesEffectWhollyOrNotAtAll() throws Exception {
    var first = writer.committed("step1", header(), file("a.txt", "a"));
    writer
        .commit("step1", header(), file("b.txt", "b"), lfsFile("c.bin", NOBODY, 3))
        .statusCode(400)
        .header("X-Error-Message", containsString("No bytes with sha256 " + NOBODY));
    var there = bytes("a");
    writer
        .commit("step1", header(), file("b.txt", "b"), lfsFile("c.bin", Sha256.of(there).hex(), 3))
        .statusCode(400)
        .body("error", containsString("said to have 3 bytes, but there are 1"));
    writer
        .commit("step1", header(), file("b.txt", "b"), deleted("deletedFile", "nothing"))
        .statusCode(404)
        .header("X-Error-Code", equalTo("EntryNotFound"))
        .body("error", equalTo("A file with this name doesn't exist"));
    writer.commit("step1", header(), file("a.txt/b", "b")).statusCode(400);
    assertThat(repo.commit("step1")).isEqualTo(first);
    assertThat(files("step1")).containsExactly("a.txt");
  }

  @Test
  void deletionsGoBeforeAdditions() {
    writer.committed(
        "step1", header(), file("d/a.txt", "a"), file("d/b.txt", "b"), file("e.txt", "e"));
    var moved =
        writer.committed(
            "step1",
            header(),
            file("d/c.txt", "c"),
            "{\"key\":\"copyFile\",\"value\":{\"path\":\"f.txt\",\"srcPath\":\"d/a.txt\"}}",
            deleted("deletedFolder", "d/"),
            deleted("deletedFile", "e.txt"));
    assertThat(files("step1")).contains("d/c.txt", "f.txt").doesNotContain("d/a.txt", "e.txt");
    // Nothing is different: no other commit.
    assertThat(writer.committed("step1", header(), file("d/c.txt", "c"))).isEqualTo(moved);
  }

  @Test
  void whoHasTheBytesThatAreThereIsToldSo() {
    writer.committed("step1", header(), file("a.txt", "hello\n"), file("empty", ""));
    // What git hash-object says of these bytes.
    writer
        .preupload("step1", "a.txt", bytes("hello\n"))
        .body("files[0].uploadMode", equalTo("regular"))
        .body("files[0].oid", equalTo("ce013625030ba8dba906f756967f9e9ca394464a"))
        .body("commitOid", equalTo(repo.commit("step1")));
    writer
        .preupload("step1", "empty", bytes(""))
        .body("files[0].oid", equalTo("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"));
    writer.preupload("step1", "a.txt", bytes("longer\n")).body("files[0].oid", nullValue());
    writer.preupload("step2", "a.txt", bytes("hello\n")).body("files[0].oid", nullValue());
    // What main shows of a checkpoint goes once the run has weights of its own.
    assertThat(files("main")).contains("a.txt");
    writer.preupload("main", "a.txt", bytes("hello\n")).body("files[0].oid", nullValue());
  }

  @Test
  void whatATrainerSaysOfItsTokensIsItsClaim() {
    writer.committed(
        "step1000",
        header(),
        file("trainer_state.json", "{\"global_step\":1000,\"num_input_tokens_seen\":5000}"));
    var checkpoint = repo.run() + "/checkpoints/step1000";
    RestAssured.get(checkpoint)
        .then()
        .body("tokens", equalTo(5000))
        .body("claimed.tokens", equalTo(5000));
    RestAssured.get(repo.run() + "/findings").then().body("items", empty());
    writer.committed(
        "step1000",
        header(),
        file("trainer_state.json", "{\"global_step\":999,\"num_input_tokens_seen\":4995}"));
    RestAssured.get(checkpoint).then().body("tokens", equalTo(4995));
    RestAssured.get(repo.run() + "/findings")
        .then()
        .body("items.class", contains("step-differs-from-trainer-state"))
        .body("items[0].checkpoint", equalTo("step1000"))
        .body("items[0].evidence.claimedStep", equalTo(999));
    // Of a folder within it, it is no state of this checkpoint; main is of no step.
    writer.committed(
        "step1000",
        header(),
        file("last/trainer_state.json", "{\"global_step\":1,\"num_input_tokens_seen\":1}"));
    writer.committed("main", header(), file("trainer_state.json", "{\"num_input_tokens_seen\":2}"));
    RestAssured.get(checkpoint).then().body("tokens", equalTo(4995));
  }

  @Test
  void aClaimStandsBesideWhatFollowsFromTheSchedule() {
    var planned =
        new Writer(
            Repo.create(
                "\"batchSchedule\":[{\"fromStep\":0,\"sequencesPerStep\":4,\"sequenceLength\":10}]"));
    planned.committed(
        "step5",
        header(),
        file("trainer_state.json", "{\"global_step\":5,\"num_input_tokens_seen\":201}"));
    RestAssured.get(planned.repo().run() + "/checkpoints/step5")
        .then()
        .body("tokens", equalTo(200))
        .body("claimed.tokens", equalTo(201));
    RestAssured.get(planned.repo().run() + "/findings")
        .then()
        .body("items.class", contains("counts-differ-from-schedule"))
        .body("items[0].evidence.computedTokens", equalTo(200));
  }

  @Test
  void aStaleParentIsRefused() {
    var first = writer.committed("step1", header(), file("a.txt", "a"));
    var second = writer.committed("step1", parent(first.substring(0, 7)), file("b.txt", "b"));
    writer
        .commit("step1", parent(first), file("c.txt", "c"))
        .statusCode(412)
        .body("error", equalTo("A commit has happened since. Please refresh and try again."));
    assertThat(repo.commit("step1")).isEqualTo(second);
    var main = repo.commit("main");
    writer.commit("main", parent("abcdef0"), file("README.md", "x")).statusCode(412);
    writer.committed("main", parent(main), file("README.md", "x"));
    writer.commit("main", parent(main), file("README.md", "y")).statusCode(412);
  }

  @Test
  void commitsAtOnceLoseNothing() throws Exception {
    int many = 12;
    try (var threads = Executors.newFixedThreadPool(6)) {
      var commits =
          IntStream.range(0, many)
              .mapToObj(i ->
                  threads.submit(() -> {
                    var branch = i % 2 == 0 ? "step7" : "main";
                    writer.preupload(branch, i + ".txt", bytes("text " + i)).statusCode(200);
                    return writer.committed(branch, header(), file(i + ".txt", "text " + i));
                  }))
              .toList();
      var ids = new ArrayList<String>();
      for (var commit : commits) {
        ids.add(commit.get());
      }
      assertThat(ids).doesNotHaveDuplicates();
    }
    for (int i = 0; i < many; i++) {
      repo.head((i % 2 == 0 ? "step7/" : "main/") + i + ".txt").statusCode(200);
    }
  }

  @Test
  void aSealedBranchTakesNothing() {
    var commit = writer.committed("step1", header(), file("a.txt", "a"));
    repo.seal("step1");
    for (var name : List.of("step1", "refs%2Fheads%2Fstep1")) {
      writer
          .commit(name, header(), file("b.txt", "b"))
          .statusCode(403)
          .header("X-Error-Message", containsString("sealed"));
      writer.preupload(name, "b.txt", bytes("b")).statusCode(403);
    }
    assertThat(files("step1")).containsExactly("a.txt");
    // Commits, and names that tell no step, are no branches.
    for (var name : List.of(commit, "best", "refs%2Fpr%2F1")) {
      writer
          .commit(name, header(), file("b.txt", "b"))
          .statusCode(404)
          .header("X-Error-Code", equalTo("RevisionNotFound"));
    }
  }

  @Test
  void mainHasTheFilesOfTheRunOverThoseOfTheCheckpoint() throws Exception {
    writer.committed("step1", header(), file("config.json", "1"), file("README.md", "of step 1"));
    var before = repo.commit("main");
    assertThat(before).isEqualTo(repo.commit("step1"));
    // What a run was published with beside its checkpoints is not what its weights are read with.
    var log = Given.artifact("a log");
    RestAssured.given()
        .contentType("application/json")
        .body("{\"files\":[{\"path\":\"log.txt\",\"sha256\":\"%s\",\"size\":5}]}".formatted(log))
        .post(repo.run() + "/files")
        .then()
        .statusCode(200);
    assertThat(repo.commit("main")).isEqualTo(before);
    var main = writer.committed("main", header(), file("README.md", "of the run"));
    assertThat(main).isEqualTo(repo.commit("main")).isNotEqualTo(before);
    assertThat(files("main")).containsExactly("README.md", "config.json");
    assertThat(Given.download(repo.resolve(main + "/README.md")).body())
        .isEqualTo(bytes("of the run"));
    assertThat(Given.download(repo.resolve("step1/README.md")).body())
        .isEqualTo(bytes("of step 1"));
    RestAssured.get(repo.run() + "/files")
        .then()
        .body("items.path", contains("README.md", "log.txt"));
    // Weights of a run are those of main: no others show through.
    writer.committed("main", header(), file("model.safetensors", weights(5)));
    assertThat(files("main")).containsExactly("README.md", "model.safetensors");
    RestAssured.given()
        .contentType("application/json")
        .body("{\"tag\":\"v1\"}")
        .post(repo.api() + "/tag/main")
        .then()
        .statusCode(403)
        .body("error", containsString("no checkpoint"));
    writer.commit("main", header(), deleted("deletedFile", "config.json")).statusCode(404);
    writer.committed("main", header(), deleted("deletedFile", "model.safetensors"));
    assertThat(files("main")).containsExactly("README.md", "config.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoint-500",
        "global_step500",
        "stage2-ingredient3-step500-tokens5B",
        "seed3-step500",
        "seed3%2Fstep500"
      })
  void otherSpellingsOfAStepBeginItToo(String name) {
    writer.committed(name, header(), file("a.txt", "a"));
    Repo.plain().get(repo.run() + "/checkpoints/" + name).then().body("step", equalTo(500));
    assertThat(files(name)).containsExactly("a.txt");
    writer.committed("step500", header(), file("b.txt", "b"));
    assertThat(files(name)).containsExactly("a.txt", "b.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a",
        "/a",
        "a//b",
        "a/./b",
        ".git/config",
        "a\\\\b",
        "C:/a",
        "a\\u0000b",
        "\\ud800"
      })
  void pathsThatLeadElsewhereAreRefused(String path) {
    writer.commit("step1", header(), file(path, "a")).statusCode(400);
    writer.commit("step1", header(), lfsFile(path, NOBODY, 1)).statusCode(400);
    repo.head("step1/a").statusCode(404).header("X-Error-Code", equalTo("RevisionNotFound"));
  }

  @Test
  void whatIsNoCommitIsRefused() {
    for (var body :
        List.of(
            "",
            "\n",
            "nothing",
            "[]",
            "{}",
            file("a.txt", "a"),
            header() + "\n" + header(),
            header() + "\n{\"key\":\"file\",\"value\":{\"path\":\"a.txt\"}}",
            header() + "\n{\"key\":\"file\",\"value\":{\"path\":\"a.txt\",\"content\":\"%%%\"}}",
            header()
                + "\n{\"key\":\"file\",\"value\":{\"path\":\"a\",\"content\":\"YQ==\",\"encoding\":\"rot13\"}}",
            header() + "\n" + lfsFile("a.txt", "abc", 3),
            header() + "\n" + lfsFile("a.txt", NOBODY, -3),
            header() + "\n{\"key\":\"strange\",\"value\":{}}",
            header() + "\n{\"key\":\"deletedFolder\",\"value\":{}}",
            parent("xyz") + "\n" + file("a.txt", "a"),
            header() + "\n" + file("a.txt", "a").substring(0, 40))) {
      writer
          .post("/commit/step1", body)
          .statusCode(400)
          .header("X-Error-Message", containsString(" "));
    }
    repo.head("step1/a.txt").statusCode(404).header("X-Error-Code", equalTo("RevisionNotFound"));
    writer.post("/commit/step1?create_pr=1", header() + "\n" + file("a.txt", "a")).statusCode(403);
    writer.post("/preupload/step1?create_pr=1", "{\"files\":[]}").statusCode(415);
  }

  @Test
  void aLineThatIsTooLongIsRefusedAndALongCommitIsNot() throws Exception {
    assertThat(writer.commitLong("step1", List.of(header(), file("a.bin", new byte[13 << 20]))))
        .isEqualTo(413);
    var lines = new ArrayList<>(List.of(header()));
    for (int i = 0; i < 12; i++) {
      var bytes = large(3 << 20);
      bytes[0] = (byte) i;
      lines.add(file(i + ".bin", bytes));
    }
    assertThat(writer.commitLong("step2", lines)).isEqualTo(200);
    assertThat(files("step2")).hasSize(12);
  }

  @Test
  void batchesSayWhatIsWrongWithThem() {
    writer.batch("abc", 3, "basic").statusCode(400);
    writer
        .batch(NOBODY, 100L << 20, "basic")
        .statusCode(200)
        .body("objects[0].error.code", equalTo(422));
    writer.batch(NOBODY, Long.MAX_VALUE, "multipart").body("objects[0].error.code", equalTo(413));
    RestAssured.given()
        .contentType("application/vnd.git-lfs+json")
        .body("{\"operation\":\"download\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .post("/" + repo.project() + "/run.git/info/lfs/objects/batch")
        .then()
        .statusCode(403);
    RestAssured.post("/lfs/uploads/00000000-0000-0000-0000-000000000000/complete")
        .then()
        .statusCode(404);
  }
}
