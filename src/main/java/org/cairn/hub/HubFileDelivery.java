package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Objects;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactDelivery;
import org.cairn.platform.FileEntry;
import org.cairn.platform.MediaTypes;
import org.cairn.platform.Names;
import org.cairn.tensor.SafetensorsHeaderService;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * The bytes of files, with the headers that clients of the Hub need. Who asks for a description is
 * always answered here: clients follow a redirection of HEAD in different ways, and none of them
 * can use an address of the store for it.
 */
@ApplicationScoped
class HubFileDelivery {

  private final Repositories repositories;
  private final ArtifactDelivery artifacts;
  private final SafetensorsHeaderService beginnings;

  HubFileDelivery(
      Repositories repositories, ArtifactDelivery artifacts, SafetensorsHeaderService beginnings) {
    this.repositories = repositories;
    this.artifacts = artifacts;
    this.beginnings = beginnings;
  }

  private record Found(Revision revision, FileEntry file) {
    String mediaType() {
      return Objects.requireNonNullElse(file.mediaType(), MediaTypes.DEFAULT);
    }
  }

  RestResponse<?> head(
      RepositoryKind kind, String project, String name, String raw, HttpHeaders headers) {
    var found = Drafts.read(() -> find(kind, project, name, raw));
    try {
      return described(
          found,
          artifacts.head(
              found.file().sha256(),
              found.mediaType(),
              found.file().path(),
              found.revision().pinned(),
              headers));
    } catch (RegistryException e) {
      throw translated(e, found);
    }
  }

  RestResponse<?> get(
      RepositoryKind kind, String project, String name, String raw, HttpHeaders headers) {
    var found = Drafts.read(() -> find(kind, project, name, raw));
    try {
      return described(found, answer(found, headers));
    } catch (RegistryException e) {
      throw translated(e, found);
    }
  }

  private RestResponse<?> answer(Found found, HttpHeaders headers) {
    var file = found.file();
    var range = headers.getHeaderString("Range");
    if (range != null && file.size() == 0) {
      return nothing(found, headers);
    }
    if (range != null && file.path().endsWith(".safetensors") && isUnconditional(headers)) {
      var beginning = HeaderRange.parse(range);
      if (beginning.isPresent()) {
        var header = beginnings.header(file.sha256());
        if (header.isPresent()) {
          var bytes = beginning.get().within(header.get(), file.size());
          if (bytes.isPresent()) {
            return part(found, bytes.get());
          }
        }
      }
    }
    return artifacts.get(
        file.sha256(), found.mediaType(), file.path(), found.revision().pinned(), headers);
  }

  private static boolean isUnconditional(HttpHeaders headers) {
    return List.of("If-Match", "If-None-Match", "If-Range").stream()
        .allMatch(name -> headers.getHeaderString(name) == null);
  }

  private RestResponse<?> part(Found found, HeaderRange.Part part) {
    long size = found.file().size();
    return ResponseBuilder.create(RestResponse.Status.PARTIAL_CONTENT, part.bytes())
        .header(HttpHeaders.CONTENT_TYPE, found.mediaType())
        .header(HttpHeaders.CONTENT_LENGTH, part.length())
        .header(HttpHeaders.ETAG, "\"" + found.file().sha256() + "\"")
        .header("Accept-Ranges", "bytes")
        .header("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + size)
        .build();
  }

  /** No range lies in it, and clients that ask for one all the same cannot read a refusal. */
  private RestResponse<?> nothing(Found found, HttpHeaders headers) {
    var whole =
        artifacts.head(
            found.file().sha256(),
            found.mediaType(),
            found.file().path(),
            found.revision().pinned(),
            headers);
    whole.getHeaders().putSingle("Content-Range", "bytes */0");
    return whole;
  }

  private static RestResponse<?> described(Found found, RestResponse<?> response) {
    var headers = response.getHeaders();
    var tag = "\"" + found.file().sha256() + "\"";
    headers.putSingle("X-Repo-Commit", found.revision().commit());
    headers.putSingle("X-Linked-Size", found.file().size());
    headers.putSingle("X-Linked-ETag", tag);
    headers.putSingle(HttpHeaders.ETAG, tag);
    if (!found.revision().pinned()) {
      // Also of a redirection: the name may mean something else in a minute.
      headers.putSingle(HttpHeaders.CACHE_CONTROL, "no-cache");
    }
    return response;
  }

  private Found find(RepositoryKind kind, String project, String name, String raw) {
    var place = repositories.place(repositories.repository(kind, project, name), raw);
    if (!Names.faultOfPath(place.path()).isEmpty()) {
      throw HubException.entryNotFound(place.path(), place.revision());
    }
    return place.revision().files().files(List.of(place.path())).stream()
        .findFirst()
        .map(file -> new Found(place.revision(), file))
        .orElseThrow(() -> HubException.entryNotFound(place.path(), place.revision()));
  }

  /**
   * A file of a draft whose bytes have not arrived is no missing file: clients would remember that
   * the commit does not have it.
   */
  private static RuntimeException translated(RegistryException e, Found found) {
    return e.type() == ProblemType.NOT_FOUND
        ? new HubException(409, "The bytes of " + found.file().path() + " have not arrived yet")
        : e;
  }
}
