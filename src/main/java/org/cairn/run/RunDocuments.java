package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import org.cairn.project.ProjectService;

/**
 * What the catalogue says of a run, as JSON for manifests: whoever has only the bucket must find
 * there what the checkpoint belongs to.
 */
@ApplicationScoped
public class RunDocuments {

  private final ProjectService projects;
  private final RunService runs;
  private final SegmentService segments;
  private final ObjectMapper json;

  RunDocuments(
      ProjectService projects, RunService runs, SegmentService segments, ObjectMapper json) {
    this.projects = projects;
    this.runs = runs;
    this.segments = segments;
    this.json = json;
  }

  /** The project of a run, as its endpoint shows it. */
  public JsonNode project(RunRef run) {
    return json.valueToTree(projects.get(run.project()).view());
  }

  /** The run, as its endpoint shows it. */
  public JsonNode run(RunRef run) {
    return json.valueToTree(runs.get(run.project(), run.name()).view());
  }

  /** A segment, as its endpoint shows it. */
  public JsonNode segment(RunRef run, String segment) {
    return json.valueToTree(segments.get(run.project(), run.name(), segment).view());
  }
}
