package org.cairn.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.created;
import static org.cairn.testsupport.Api.get;
import static org.cairn.testsupport.Api.refused;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class LineageResourceTest {

  @Test
  void reachesAcrossRunsInBothDirections() {
    var project = Api.project();
    var base = Api.run(project, "");
    segment(base, "pretrain", "{\"kind\":\"fork\",\"external\":\"initial weights of BERT\"}");
    checkpoint(base, 10, "pretrain", "step10");
    var middle = Api.run(project, "");
    segment(middle, "anneal", "{\"kind\":\"fork\",\"checkpoint\":\"" + name(base) + "@step10\"}");
    checkpoint(middle, 20, "anneal", "step20");
    var leaf = Api.run(project, "");
    segment(
        leaf,
        "tune",
        "{\"kind\":\"fork\",\"checkpoint\":\"" + name(middle) + "@step20\",\"coefficient\":1.0}");
    var sibling = Api.run(project, "");
    segment(sibling, "tune", "{\"kind\":\"fork\",\"checkpoint\":\"" + name(base) + "@step10\"}");

    var lineage = lineage(middle);
    assertThat(names(lineage, "segment")).containsExactlyInAnyOrder("pretrain", "anneal", "tune");
    assertThat(names(lineage, "checkpoint")).containsExactlyInAnyOrder("step10", "step20");
    assertThat(names(lineage, "external")).containsExactly("initial weights of BERT");
    assertThat(lineage.getList("edges")).hasSize(3);
    assertThat(lineage.getBoolean("truncated")).isFalse();
    everyEdgeJoinsTwoNodes(lineage);

    // the base knows everything that came out of it, and the sibling has nothing from the leaf
    assertThat(names(lineage(base), "segment"))
        .containsExactlyInAnyOrder("pretrain", "anneal", "tune", "tune");
    assertThat(names(lineage(sibling), "segment")).containsExactlyInAnyOrder("pretrain", "tune");
    assertThat(names(lineage(leaf), "segment"))
        .containsExactlyInAnyOrder("pretrain", "anneal", "tune");
  }

  @Test
  void endsAtTheDepthThatWasAskedFor() {
    var project = Api.project();
    var previous = Api.run(project, "");
    var first = previous;
    segment(previous, "s0", "{\"kind\":\"fork\",\"external\":\"x\"}");
    for (int i = 1; i < 6; i++) {
      checkpoint(previous, i, "s" + (i - 1), "c");
      var next = Api.run(project, "");
      segment(next, "s" + i, "{\"kind\":\"fork\",\"checkpoint\":\"" + name(previous) + "@c\"}");
      previous = next;
    }
    var near = JsonPath.from(get(previous + "/lineage?depth=2").asString());
    assertThat(names(near, "segment")).containsExactlyInAnyOrder("s5", "s4", "s3");
    assertThat(near.getBoolean("truncated")).isTrue();
    assertThat(names(lineage(previous), "segment")).hasSize(6);
    assertThat(names(lineage(first), "segment")).hasSize(6);
    refused(get(previous + "/lineage?depth=0"), "depth");
    refused(get(previous + "/lineage?depth=65"), "depth");
    refused(get(previous + "x/lineage"), 404, "not-found");
  }

  @Test
  void aRunWithoutParentsStandsAlone() {
    var run = Api.run();
    get(run + "/lineage").then().body("nodes.size()", is(0)).body("edges.size()", is(0));
    created(run + "/segments", "{\"name\":\"s\"}");
    get(run + "/lineage").then().body("nodes.size()", is(1)).body("edges.size()", is(0));
  }

  @Test
  void diamondsDoNotMultiply() {
    // each segment has two parents from the one before: 2^20 ways, 40 edges
    var project = Api.project();
    var previous = Api.run(project, "");
    created(previous + "/segments", "{\"name\":\"s\"}");
    for (int i = 0; i < 20; i++) {
      checkpoint(previous, 1, "s", "a");
      checkpoint(previous, 2, "s", "b");
      var next = Api.run(project, "");
      segment(
          next,
          "s",
          "{\"kind\":\"merge\",\"checkpoint\":\""
              + name(previous)
              + "@a\"},{\"kind\":\"merge\",\"checkpoint\":\""
              + name(previous)
              + "@b\"}");
      previous = next;
    }
    var lineage = lineage(previous);
    assertThat(lineage.getList("edges")).hasSize(40);
    assertThat(lineage.getBoolean("truncated")).isFalse();
    everyEdgeJoinsTwoNodes(lineage);
  }

  private static void everyEdgeJoinsTwoNodes(JsonPath lineage) {
    List<String> ids = lineage.getList("nodes.id");
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).containsAll(lineage.getList("edges.child"));
    assertThat(ids).containsAll(lineage.getList("edges.parent"));
  }

  private static List<String> names(JsonPath lineage, String type) {
    List<Map<String, String>> nodes = lineage.getList("nodes");
    return nodes.stream()
        .filter(node -> type.equals(node.get("type")))
        .map(node -> node.get("name"))
        .toList();
  }

  private static JsonPath lineage(String run) {
    var answer = get(run + "/lineage");
    answer.then().statusCode(200);
    return JsonPath.from(answer.asString());
  }

  private static void checkpoint(String run, long step, String segment, String label) {
    created(
        run + "/checkpoints",
        "{\"step\":%d,\"segment\":\"%s\",\"label\":\"%s\"}".formatted(step, segment, label));
  }

  private static void segment(String run, String name, String parents) {
    created(run + "/segments", "{\"name\":\"" + name + "\",\"parents\":[" + parents + "]}");
  }

  private static String name(String run) {
    return run.substring("/v1/projects/".length()).replace("/runs/", "/");
  }
}
