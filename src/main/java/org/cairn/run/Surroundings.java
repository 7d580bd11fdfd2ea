package org.cairn.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a checkpoint hangs on, for its manifest.
 *
 * @param references the names of project, run, segment, configuration and dataset version, with the
 *     digests of the documents that describe them; null for what there is none of
 * @param documents the documents behind these digests
 */
public record Surroundings(ObjectNode references, List<Document> documents) {

  public Surroundings {
    documents = List.copyOf(documents);
  }
}
