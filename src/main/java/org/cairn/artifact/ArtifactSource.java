package org.cairn.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;

/**
 * Makes the bytes of artifacts that arrive in another shape than their own. Found as a CDI bean;
 * what it makes is verified like any upload.
 */
public interface ArtifactSource {

  /** Name of the shape, such as {@code xet}; stored, so never changed. */
  String name();

  /**
   * Opens the bytes that a recipe describes, from the first; the caller closes the stream.
   *
   * @throws MalformedContentException also while reading, when there are no such bytes
   */
  InputStream open(JsonNode recipe) throws IOException;

  /** The recipe is not needed any more; called at least once. */
  void release(JsonNode recipe);
}
