package org.cairn.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/** Manifests of checkpoints in CSV, as OLMo publishes them, by the names of their files. */
final class Manifests {

  private static final String HOST = "https://checkpoints.example.org/";
  private static final long TOKENS = 4_194_304;

  private static final Pattern STEP = Pattern.compile("(?i)(?:[^\\n]*,)?steps?[,\\r\\n]");

  private Manifests() {}

  /** Those below a folder, by their paths in it; other CSV files have no column of steps. */
  static SequencedMap<String, byte[]> below(Path folder) throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted().toList()) {
        if (path.toString().endsWith(".csv") && Files.isRegularFile(path)) {
          var bytes = Files.readAllBytes(path);
          if (STEP.matcher(new String(bytes, StandardCharsets.UTF_8)).lookingAt()) {
            files.put(folder.relativize(path).toString(), bytes);
          }
        }
      }
    }
    return files;
  }

  /**
   * A dozen of 8,268 rows together, in the three shapes of columns that there are, with faults as
   * they are found in real ones: an address of another step, a gap, rows that stand twice, tokens
   * that are a thousand steps short.
   */
  static SequencedMap<String, byte[]> made() {
    var files = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < 6; i++) {
      files.put("plain-" + i + ".csv", bytes(plain(i, 600 + 50 * i)));
    }
    for (int i = 0; i < 3; i++) {
      files.put("ingredients-" + i + ".csv", bytes(ingredients(i, 200)));
    }
    for (int i = 0; i < 3; i++) {
      files.put("stages-" + i + ".csv", bytes(stages(i, 300 + 50 * i)));
    }
    return files;
  }

  private static byte[] bytes(StringBuilder text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static StringBuilder plain(int number, int rows) {
    var text = new StringBuilder("Step,Checkpoint Directory\n");
    for (int row = 0; row < rows; row++) {
      // The gap.
      long step = 1_000L * (row < rows / 2 ? row : row + 200);
      long addressed = row % 300 == 299 ? step - 1_000 : step;
      text.append(
          "%d,%splain-%d/launch%d/step%d-unsharded/\n"
              .formatted(step, HOST, number, row / 250, addressed));
    }
    return text;
  }

  private static StringBuilder ingredients(int number, int rows) {
    var text = new StringBuilder("Ingredient,Step,Checkpoint Directory\n");
    for (int ingredient = 1; ingredient <= 3; ingredient++) {
      for (int row = 1; row <= rows; row++) {
        text.append(
            "%d,%d,%singredients-%d/stage2/ingredient%d/step%d/\n"
                .formatted(ingredient, 500 * row, HOST, number, ingredient, 500 * row)
                .repeat(row % 100 == 99 ? 2 : 1));
      }
    }
    return text;
  }

  private static StringBuilder stages(int number, int rows) {
    var text = new StringBuilder("Stage,Step,Tokens Seen,Checkpoint Directory\n");
    long before = 0;
    for (int stage = 1; stage <= 2; stage++) {
      for (int row = 1; row <= rows; row++) {
        long step = 1_000L * row;
        long tokens = before + TOKENS * (stage == 1 ? step : step - 1_000);
        text.append(
            "stage%d,%d,%d,%sstages-%d/stage%d/step%d/\n"
                .formatted(stage, step, tokens, HOST, number, stage, step));
      }
      before += TOKENS * 1_000 * rows;
    }
    return text;
  }

  /** Rows of files, without the lines that name the columns. */
  static int rows(Map<String, byte[]> files) {
    return files.values().stream()
        .mapToInt(bytes ->
            (int)
                new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .filter(line -> !line.isBlank())
                    .count())
        .sum();
  }
}
