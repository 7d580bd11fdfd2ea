package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cairn.cli.Layout.DataFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LayoutScanTest {

  @TempDir Path folder;

  private Layout scan(Path path) {
    return new LayoutScan(Trees.console(), false).scan(path);
  }

  private static List<String> names(List<LocalFile> files) {
    return files.stream().map(LocalFile::name).toList();
  }

  private static List<String> labels(RunFolder run) {
    return run.checkpoints().stream().map(checkpoint -> checkpoint.name().label()).toList();
  }

  @Test
  void recognisesARun() {
    var layout = scan(Trees.run(folder.resolve("tiny")));
    assertThat(layout.runs()).hasSize(1);
    var run = layout.runs().getFirst();
    assertThat(run.name()).isEqualTo("tiny");
    assertThat(run.checkpointsFolder()).isEqualTo("checkpoints");
    assertThat(labels(run)).containsExactly("step0", "step1", "step4");
    assertThat(names(run.checkpoints().getLast().files()))
        .contains("model.safetensors", "state/optimizer.safetensors");
    assertThat(names(run.files()))
        .contains("config.yaml", ".hidden", "evals/step0.json", "empty.txt")
        .noneMatch(name -> name.startsWith("checkpoints/"));
  }

  @Test
  void recognisesAPlainFolderOfCheckpoints() {
    Trees.write(folder, "hf/checkpoint-500/model.safetensors", "a");
    Trees.write(folder, "hf/checkpoint-1000/model.safetensors", "b");
    Trees.write(folder, "hf/runs/events.out.tfevents.1", "the trainer's own runs/");
    var run = scan(folder.resolve("hf")).runs().getFirst();
    assertThat(run.checkpointsFolder()).isEmpty();
    assertThat(labels(run)).containsExactly("checkpoint-500", "checkpoint-1000");
    assertThat(names(run.files())).containsExactly("runs/events.out.tfevents.1");
  }

  @Test
  void recognisesASuiteWithItsData() {
    Trees.run(folder.resolve("suite/runs/a"));
    Trees.run(folder.resolve("suite/runs/b"));
    Trees.write(folder, "suite/dataset/documents.csv", "x");
    Trees.write(folder, "suite/tokenizer/tokenizer.json", "{}");
    Trees.write(folder, "suite/runs/notes.txt", "between the runs");
    var layout = scan(folder.resolve("suite"));
    assertThat(layout.runs()).extracting(RunFolder::name).containsExactly("a", "b");
    assertThat(layout.data()).extracting(DataFolder::name).containsExactly("dataset", "suite");
    assertThat(names(layout.data().getFirst().files())).containsExactly("documents.csv");
    assertThat(names(layout.data().getLast().files()))
        .containsExactly("runs/notes.txt", "tokenizer/tokenizer.json");
  }

  @Test
  void recognisesAFolderOfRuns() {
    Trees.run(folder.resolve("all/a"));
    Trees.write(folder, "all/b/step1/model.pt", "x");
    assertThat(scan(folder.resolve("all")).runs())
        .extracting(RunFolder::name)
        .containsExactly("a", "b");
  }

  @Test
  void saysWhatItExpectedWhereThereIsNothing() {
    Trees.write(folder, "x/readme.md", "nothing");
    assertThatThrownBy(() -> scan(folder.resolve("x")))
        .hasMessageContaining("holds no checkpoints")
        .extracting(e -> ((CliException) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThatThrownBy(() -> scan(folder.resolve("absent"))).hasMessageContaining("not there");
  }

  @Test
  void refusesTwoFoldersOfOneStep() {
    Trees.write(folder, "r/step1000/model.pt", "a");
    Trees.write(folder, "r/step1000-unsharded/model.pt", "b");
    assertThatThrownBy(() -> scan(folder.resolve("r")))
        .hasMessageContaining("step1000-unsharded")
        .hasMessageContaining("both step1000");
  }

  @Test
  void followsLinksOnlyInside() throws IOException {
    Trees.write(folder, "secret", "key");
    Trees.write(folder, "r/step1/model.pt", "a");
    Files.createSymbolicLink(folder.resolve("r/step1/again.pt"), Path.of("model.pt"));
    assertThat(names(scan(folder.resolve("r")).runs().getFirst().checkpoints().getFirst().files()))
        .containsExactly("again.pt", "model.pt");
    Files.createSymbolicLink(folder.resolve("r/step1/leak"), folder.resolve("secret"));
    assertThatThrownBy(() -> scan(folder.resolve("r")))
        .hasMessageContaining("leak is a link that leads out of");
  }

  @Test
  void refusesLinksThatLeadNowhereOrInACircle() throws IOException {
    Trees.write(folder, "r/step1/model.pt", "a");
    var link = folder.resolve("r/step1/circle");
    Files.createSymbolicLink(link, folder.resolve("r"));
    assertThatThrownBy(() -> scan(folder.resolve("r")))
        .hasMessageContaining("folder that it is in");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("gone"));
    assertThatThrownBy(() -> scan(folder.resolve("r"))).hasMessageContaining("leads nowhere");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no pipes in folders")
  void refusesSpecialFiles() throws Exception {
    Trees.write(folder, "r/step1/model.pt", "a");
    var made = new ProcessBuilder("mkfifo", folder.resolve("r/step1/pipe").toString()).start();
    assertThat(made.waitFor()).isZero();
    assertThatThrownBy(() -> scan(folder.resolve("r"))).hasMessageContaining("a pipe");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "file systems elsewhere refuse such names")
  void refusesNamesThatAreNoText() throws Exception {
    Trees.write(folder, "r/step1/model.pt", "a");
    var made =
        new ProcessBuilder("sh", "-c", "touch \"$(printf 'latin\\374.txt')\"")
            .directory(folder.resolve("r/step1").toFile())
            .start();
    assertThat(made.waitFor()).isZero();
    assertThatThrownBy(() -> scan(folder.resolve("r"))).hasMessageContaining("is not text");
  }

  @Test
  void refusesNamesThatCannotBeStored() {
    Trees.write(folder, "r/step1/back\\slash", "a");
    assertThatThrownBy(() -> scan(folder.resolve("r")))
        .hasMessageContaining("cannot be published under its name");
  }

  @Test
  void leavesOutWhatBelongsToATool() {
    Trees.write(folder, "r/step1/model.pt", "a");
    Trees.write(folder, "r/.git/config", "x");
    Trees.write(folder, "r/.cache/huggingface/x", "x");
    assertThat(scan(folder.resolve("r")).runs().getFirst().files()).isEmpty();
  }
}
