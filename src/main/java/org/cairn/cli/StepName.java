package org.cairn.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.Names;

/**
 * What the name of a checkpoint's folder says: {@code step512}, {@code global_step1000}, {@code
 * checkpoint-500}, {@code step-001000-2BT}, {@code stage2-ingredient3-step11931-tokens50B}. The
 * name itself stays the label; a rounded number of tokens in it is not taken for a count.
 */
record StepName(String label, String stage, String branch, long step) {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /**
   * A checkpoint that is a file: {@code step100.pt}, {@code model_step100.safetensors}, {@code
   * epoch=3-step=1000.ckpt}.
   */
  private static final Pattern FILE =
      Pattern.compile(
          "(?:(?:model|weights|params|state|optimizer|optim|ema|epoch[-_=]?[0-9]+)[-_.])*"
              + "(?:global[-_]?step|step|checkpoint|ckpt|iteration|iter)[-_=]?"
              + "(?<step>[0-9]{1,18})(?:\\.[a-z0-9]+)+",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern BINARY =
      Pattern.compile(
          ".*\\.(pt|pth|bin|ckpt|safetensors|npz|npy|h5|pkl|gguf|msgpack|tar|zip)",
          Pattern.CASE_INSENSITIVE);

  /** Reads the name of a folder; empty where it names no step. */
  static Optional<StepName> parse(String folder) {
    return LabelGrammars.parse(folder)
        .filter(_ -> Names.faultOfLabel(folder).isEmpty())
        .filter(said -> said.repository() == null && said.merged().isEmpty())
        .filter(said -> Names.isPart(said.stage()) && Names.isPart(said.branch()))
        .flatMap(said ->
            Optional.ofNullable(said.step())
                .map(step -> new StepName(folder, said.stage(), said.branch(), step)));
  }

  /** Reads a folder that lies among checkpoints, where a mere number is a step, too. */
  static Optional<StepName> among(String folder) {
    return NUMBER.matcher(folder).matches()
        ? Optional.of(new StepName(folder, "", "", Long.parseLong(folder)))
        : parse(folder);
  }

  /** Reads the name of a file; empty where it names no step. */
  static Optional<StepName> ofFile(String file) {
    var name = FILE.matcher(file);
    if (!name.matches()) {
      return Optional.empty();
    }
    var step = Long.parseLong(name.group("step"));
    return Optional.of(new StepName("step" + step, "", "", step));
  }

  /** Whether a file that names a step can be a checkpoint of its own, and is no note beside one. */
  static boolean isWhole(String file) {
    return BINARY.matcher(file).matches() && FILE.matcher(file).matches();
  }

  /** What must be different for two checkpoints of a run. */
  String position() {
    var counter = counter();
    return (counter.isEmpty() ? "" : counter + "-") + "step" + step;
  }

  /** Names the step counter: stage and branch. */
  String counter() {
    return stage.isEmpty() || branch.isEmpty() ? stage + branch : stage + "-" + branch;
  }

  /** Names of segments do not tell case apart. */
  String counterKey() {
    return (stage + "/" + branch).toLowerCase(Locale.ROOT);
  }
}
