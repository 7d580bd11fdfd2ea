package org.cairn.trajectory;

import static io.restassured.RestAssured.given;

import java.io.IOException;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.Safetensors;

/** A run with checkpoints, each of which has one file of weights. */
record Trained(String project, String name) {

  static Trained run() {
    var project = Given.project();
    return run(project, "seed0");
  }

  static Trained run(String project, String name) {
    Given.run(project, name, "");
    return new Trained(project, name);
  }

  String path() {
    return "/v1/projects/" + project + "/runs/" + name;
  }

  String tensor(String tensor) {
    return path() + "/tensors/" + tensor;
  }

  Trained checkpoint(int step, Safetensors weights) throws IOException, InterruptedException {
    return checkpoint(step, "", weights.bytes());
  }

  /** A draft, which is read as a sealed one is; {@code fields} are more JSON members. */
  Trained checkpoint(int step, String fields, byte[] weights)
      throws IOException, InterruptedException {
    Given.post(
            path() + "/checkpoints",
            "{\"step\":%d%s,\"files\":[{\"path\":\"model.safetensors\",\"sha256\":\"%s\",\"size\":%d}]}"
                .formatted(step, fields, Given.artifact(weights), weights.length))
        .statusCode(201);
    return this;
  }

  Trained seal(int step) {
    given().post(path() + "/checkpoints/step" + step + "/seal").then().statusCode(200);
    return this;
  }
}
