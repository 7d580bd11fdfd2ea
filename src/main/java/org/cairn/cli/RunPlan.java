package org.cairn.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cairn.cli.RunFolder.CheckpointFolder;

/**
 * What is left to do for one run: the difference between the folder and the registry. Worked out
 * before anything is sent, so that a conflict is told before hours of upload and not after.
 *
 * @param register checkpoints that the registry does not have
 * @param amend drafts whose files are others than here
 * @param unsealed checkpoints to seal: those two, and equal drafts
 * @param runFiles files of the run that the registry does not have like this
 * @param conflicts sealed checkpoints whose files are others than here
 */
record RunPlan(
    RunAddress address,
    RunFolder folder,
    RunFacts facts,
    RemoteRun remote,
    List<CheckpointFolder> register,
    List<CheckpointFolder> amend,
    List<CheckpointFolder> unsealed,
    List<LocalFile> runFiles,
    List<String> conflicts) {

  static RunPlan of(
      RunAddress address, RunFolder folder, RunFacts facts, RemoteRun remote, Digests digests) {
    var register = new ArrayList<CheckpointFolder>();
    var amend = new ArrayList<CheckpointFolder>();
    var unsealed = new ArrayList<CheckpointFolder>();
    var conflicts = new ArrayList<String>();
    for (var checkpoint : folder.checkpoints()) {
      var label = checkpoint.name().label();
      var there = remote.checkpoints().get(label);
      if (there == null) {
        register.add(checkpoint);
        unsealed.add(checkpoint);
        continue;
      }
      var difference = difference(local(checkpoint, digests), there.files());
      if (!difference.isEmpty() && !there.draft()) {
        conflicts.add(
            "%s@%s is %s with other content: %s"
                .formatted(address, label, there.state(), difference));
      } else if (!there.sealed()) {
        unsealed.add(checkpoint);
        if (!difference.isEmpty()) {
          amend.add(checkpoint);
        }
      }
    }
    var runFiles =
        folder.files().stream()
            .filter(file -> !digests.of(file).hex().equals(remote.files().get(file.name())))
            .toList();
    return new RunPlan(
        address, folder, facts, remote, register, amend, unsealed, runFiles, conflicts);
  }

  /** Digest by path of a checkpoint on disk. */
  static Map<String, String> local(CheckpointFolder checkpoint, Digests digests) {
    var files = new HashMap<String, String>();
    checkpoint.files().forEach(file -> files.put(file.name(), digests.of(file).hex()));
    return files;
  }

  /** How the files here differ from those there, by the first path that does; empty where equal. */
  static String difference(Map<String, String> here, Map<String, String> there) {
    var paths = new ArrayList<>(here.keySet());
    paths.addAll(there.keySet());
    paths.sort(null);
    for (var path : paths) {
      var mine = here.get(path);
      var theirs = there.get(path);
      if (!Objects.equals(mine, theirs)) {
        if (mine == null) {
          return path + " is in the registry but not in the folder";
        }
        return theirs == null
            ? path + " is in the folder but not in the registry"
            : "%s is sha256 %s here and %s there".formatted(path, mine, theirs);
      }
    }
    return "";
  }
}
