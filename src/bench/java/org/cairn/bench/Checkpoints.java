package org.cairn.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Requests that register checkpoints as training writes them: five files, of which two are new. */
final class Checkpoints {

  private static final long STEP = 500;

  private final SplittableRandom random = new SplittableRandom();
  private final String config = digest();
  private final String tokenizer = digest();
  private final String index = digest();

  ObjectNode request(int number) {
    var request = Api.JSON.createObjectNode().put("step", number * STEP).put("segment", "main");
    request.putObject("components").put("weights", "present").put("optimizer", "present");
    request.putObject("metadata").put("loss", 2.5 + random.nextDouble());
    file(request, "config.json", config, 612, "config");
    file(request, "tokenizer.json", tokenizer, 2_114_023, "tokenizer");
    file(request, "model.safetensors.index.json", index, 25_125, "shard-index");
    file(request, "model.safetensors", digest(), 2_829_383_336L, "weights");
    file(request, "optimizer.pt", digest(), 11_317_563_904L, "optimizer");
    return request;
  }

  byte[] lines(int count) throws IOException {
    var lines = new ByteArrayOutputStream();
    for (int number = 0; number < count; number++) {
      lines.write(Api.JSON.writeValueAsBytes(request(number)));
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  private static void file(ObjectNode request, String path, String sha256, long size, String role) {
    request
        .withArray("files")
        .addObject()
        .put("path", path)
        .put("sha256", sha256)
        .put("size", size)
        .put("role", role);
  }

  private String digest() {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
