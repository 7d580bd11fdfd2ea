package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.cairn.cli.RunFolder.CheckpointFolder;
import org.cairn.platform.FileRoles;

/** From the files of a checkpoint folder to what the registry is asked to record about it. */
final class CheckpointRequests {

  private final RunFacts facts;
  private final FileEntries entries;

  CheckpointRequests(RunFacts facts, FileEntries entries) {
    this.facts = facts;
    this.entries = entries;
  }

  ObjectNode checkpoint(CheckpointFolder checkpoint) {
    var name = checkpoint.name();
    var request = Json.object();
    if (!name.stage().isEmpty()) {
      request.put("stage", name.stage());
    }
    if (!name.branch().isEmpty()) {
      request.put("branch", name.branch());
    }
    request
        .put("step", name.step())
        .put("segment", RunRequests.segmentName(name))
        .put("kind", kind(name))
        .put("label", name.label());
    request.set("components", components(checkpoint.files()));
    if (checkpoint.files().stream()
        .anyMatch(file -> FileRoles.representation(file.name()) != null)) {
      request.putArray("representations").addObject().put("format", FileRoles.STATE);
    }
    request.set("files", entries.ofCheckpoint(checkpoint.files()));
    request.putObject("metadata").putObject("publish").put("folder", checkpoint.folder());
    return request;
  }

  /**
   * Initial for step 0, terminal for the last step that was planned, extra for a step that the
   * configuration's list of steps to save does not have, scheduled else.
   */
  private String kind(StepName name) {
    if (name.step() == 0) {
      return "initial";
    }
    var planned = facts.plannedSteps();
    if (planned.isPresent() && planned.getAsLong() == name.step()) {
      return "terminal";
    }
    var schedule = facts.plannedCheckpoints();
    return schedule.isEmpty() || schedule.contains(name.step()) ? "scheduled" : "extra";
  }

  /**
   * Which parts of the training's state are there. Absent is claimed only where it is sure: a
   * trainer's own file may hold the scheduler and the loader's position, and an archive of objects
   * or a file of an unknown format may hold anything.
   */
  private static ObjectNode components(List<LocalFile> files) {
    var components = Json.object();
    var roles = files.stream().map(file -> FileRoles.role(file.name())).toList();
    var trainer = files.stream().anyMatch(file -> FileRoles.tellsOfTraining(file.name()));
    var anything = files.stream().anyMatch(file -> FileRoles.mayHoldAnything(file.name()));
    for (var component : List.of("weights", "optimizer", "scheduler", "rng", "dataloader")) {
      if (roles.contains(component)) {
        components.put(component, "present");
      } else if (!anything
          && (!trainer || component.equals("weights") || component.equals("optimizer"))) {
        components.put(component, "absent");
      }
    }
    return components;
  }
}
