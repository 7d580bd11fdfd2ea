package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.cairn.dataset.DatasetVersionService;
import org.cairn.platform.CanonicalJson;
import org.cairn.project.ProjectService;
import org.cairn.recipe.ConfigurationService;
import org.jspecify.annotations.Nullable;

/**
 * What the catalogue says of that which a checkpoint hangs on, as JSON for manifests: whoever has
 * only the bucket must find all of it there. docs/storage-layout.md has the formats.
 */
@ApplicationScoped
public class RunDocuments {

  private final ProjectService projects;
  private final RunService runs;
  private final SegmentService segments;
  private final ConfigurationService configurations;
  private final DatasetVersionService datasets;
  private final ObjectMapper json;

  RunDocuments(
      ProjectService projects,
      RunService runs,
      SegmentService segments,
      ConfigurationService configurations,
      DatasetVersionService datasets,
      ObjectMapper json) {
    this.projects = projects;
    this.runs = runs;
    this.segments = segments;
    this.configurations = configurations;
    this.datasets = datasets;
    // That something was not known is a part of what is sealed.
    this.json = json.copy().setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS);
  }

  /** Everything that checkpoints of this segment hang on; a null is none. */
  public Surroundings around(RunRef run, @Nullable String segment) {
    var made = new Collected();
    made.refer("project", run.project(), document("cairn.project/1", "project", project(run)));
    var about = document("cairn.run/1", "run", runs.get(run.project(), run.name()).view());
    made.refer("run", run.name(), about.put("id", run.id().toString()));
    var view = segment == null ? null : segments.sealed(run.project(), run.name(), segment);
    if (view == null) {
      made.references.putNull("segment");
    } else {
      var id = segments.find(run.id(), view.name()).orElseThrow().id();
      made.refer(
          "segment",
          view.name(),
          document("cairn.segment/1", "segment", view).put("id", id.toString()));
    }
    refer(made, run, view == null ? null : view.configuration());
    refer(made, view == null ? null : view.dataOrder());
    return new Surroundings(made.references, made.documents);
  }

  private void refer(Collected made, RunRef run, @Nullable UUID configuration) {
    if (configuration == null) {
      made.references.putNull("configuration");
      return;
    }
    var view = configurations.get(run.project(), configuration).view();
    var about = document("cairn.configuration/1", "configuration", view);
    about.put("project", run.project());
    var resolved = view.resolved();
    ((ObjectNode) about.get("configuration")).remove("resolved");
    about.set(
        "resolvedExactNumbers", resolved == null ? null : CanonicalJson.exactNumbers(resolved));
    var reference = made.refer("configuration", view.name(), about);
    reference.put("raw", view.raw() == null ? null : view.raw().hex());
    reference.put("resolved", view.digest() == null ? null : view.digest().hex());
    if (resolved != null && view.digest() != null) {
      made.documents.add(new Document(view.digest(), () -> CanonicalJson.bytes(resolved)));
    }
  }

  private void refer(Collected made, @Nullable DataOrder order) {
    if (order == null || order.datasetVersion() == null) {
      made.references.putNull("datasetVersion");
      return;
    }
    var version = datasets.described(order.datasetVersion());
    var about = document("cairn.dataset-version/1", "version", version.version());
    about.set("dataset", described(version.dataset()));
    about.set("project", described(projects.get(version.dataset().project()).view()));
    var reference = made.refer("datasetVersion", order.datasetVersion(), about);
    reference.put("files", version.version().digest().hex());
    made.documents.add(new Document(version.version().digest(), version.files()));
  }

  private JsonNode project(RunRef run) {
    return described(projects.get(run.project()).view());
  }

  /** Who may see a thing is no fact about it, and may change: it is not sealed. */
  private JsonNode described(Object view) {
    var tree = json.<JsonNode>valueToTree(view);
    return tree instanceof ObjectNode object ? object.without("private") : tree;
  }

  private ObjectNode document(String format, String name, Object content) {
    var document = json.createObjectNode().put("format", format);
    document.set(name, described(content));
    return document;
  }

  /** References and documents, as they come together. */
  private final class Collected {
    private final ObjectNode references = json.createObjectNode();
    private final List<Document> documents = new ArrayList<>();

    ObjectNode refer(String what, String name, ObjectNode about) {
      about.set("exactNumbers", CanonicalJson.exactNumbers(about));
      var document = Document.of(about);
      documents.add(document);
      return references.putObject(what).put("name", name).put("sha256", document.sha256().hex());
    }
  }
}
