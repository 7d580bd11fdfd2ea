package org.cairn.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.cairn.platform.Sha256;

/** Folders of files for tests. */
final class Trees {

  private Trees() {}

  static Path write(Path root, String path, String text) {
    return write(root, path, text.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path root, String path, byte[] bytes) {
    try {
      var file = root.resolve(path);
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that look like weights: the same for the same seed. */
  static byte[] noise(int seed, int size) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A small run with the layout of the suite's. */
  static Path run(Path root) {
    write(root, "config.yaml", "\"train-iters\": 4\n");
    write(
        root,
        "resolved_config.json",
        """
        {"suite": "tiny", "config": {"train-iters": 4, "seq-length": 16, "seed": 7, "data-seed": 8,
          "train_micro_batch_size_per_gpu": 2, "gradient_accumulation_steps": 3,
          "checkpoint-steps": [0, 1, 4], "data-order-path": "olmo/order.npy"},
         "derived": {"world_size": 2},
         "versions": {"python": "3.11.7"},
         "code": {"git_commit": "a58b0a5c0acebbbc58241ca077d74530b0d1c646"},
         "data": {"olmo/order.npy": "%s"}}
        """
            .formatted(Sha256.of(noise(99, 64))));
    write(root, "argv.txt", "python train.py --config 'config.yaml'\n");
    write(root, "train.py", "print('training')\n");
    write(root, "requirements.lock", "torch==2.13.0\n");
    write(root, "hardware.json", "{\"cpu\": \"x\", \"python\": \"3.11.7\"}");
    write(root, "metrics.csv", "step,tokens,loss\n1,192,6.2\n");
    write(root, "evals/step0.json", "{}");
    write(root, ".hidden", "also published");
    write(root, "empty.txt", "");
    for (int step : new int[] {0, 1, 4}) {
      var folder = "checkpoints/step" + step + "/";
      write(root, folder + "model.safetensors", noise(step, 2500));
      write(root, folder + "config.json", "{\"hidden_size\": 32}");
      write(root, folder + "tokenizer.json", "{}");
    }
    write(root, "checkpoints/step4/state/model.safetensors", noise(41, 3000));
    write(root, "checkpoints/step4/state/optimizer.safetensors", noise(42, 3000));
    write(root, "checkpoints/step4/state/rng.safetensors", noise(43, 500));
    write(root, "checkpoints/step4/state/trainer.json", "{\"step\": 4}");
    return root;
  }

  /** The files below a folder: digest by path. */
  static Map<String, String> digests(Path root) {
    var digests = new TreeMap<String, String>();
    try (var walk = Files.walk(root)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        digests.put(root.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)).hex());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digests;
  }

  static Console console() {
    return new Console(
        new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), true, false);
  }
}
