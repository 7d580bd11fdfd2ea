package org.cairn.hub;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.DirectUploads;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** Opens uploads for batches of Git LFS. */
@ApplicationScoped
class LfsBatches {

  /** Most objects of a batch. */
  private static final int OBJECTS_MAX = 1_000;

  private static final Pattern OID = Pattern.compile(Sha256.REGEX);

  private final DirectUploads uploads;
  private final ObjectMapper json;

  LfsBatches(DirectUploads uploads, ObjectMapper json) {
    this.uploads = uploads;
    this.json = json;
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Request(
      @Nullable String operation,
      @Nullable List<String> transfers,
      @Nullable List<Announced> objects) {

    /** Bytes that a client wants to send. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Announced(@Nullable String oid, @Nullable Long size) {}
  }

  record Answer(String transfer, List<Item> objects) {}

  /** What to do with an object: nothing, where there are neither actions nor an error. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Item(
      String oid, long size, @Nullable Map<String, Action> actions, @Nullable Fault error) {}

  /**
   * An address to send something to.
   *
   * @param header of a file in parts, their size and the address of each
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Action(String href, @Nullable Map<String, String> header) {}

  record Fault(int code, String message) {}

  /**
   * Answers a batch.
   *
   * @param base this service as the client knows it
   */
  Answer answer(byte[] body, URI base) throws IOException {
    var request = parse(body);
    if (!"upload".equals(request.operation())) {
      throw new HubException(403, "Files are downloaded from /resolve/, and not by Git LFS");
    }
    var objects = Objects.requireNonNullElse(request.objects(), List.<Request.Announced>of());
    if (objects.size() > OBJECTS_MAX) {
      throw new HubException(413, "A batch has at most " + OBJECTS_MAX + " objects");
    }
    var transfers = Objects.requireNonNullElse(request.transfers(), List.<String>of());
    boolean parts = transfers.contains("multipart");
    var items = objects.stream().map(object -> item(object, parts, base)).toList();
    boolean any = items.stream().anyMatch(LfsBatches::isInParts);
    return new Answer(any ? "multipart" : "basic", items);
  }

  private Request parse(byte[] body) throws IOException {
    try {
      var request = json.readValue(body, Request.class);
      if (request != null) {
        return request;
      }
    } catch (JsonProcessingException e) {
      throw new HubException(400, "The batch is no JSON of Git LFS");
    }
    throw new HubException(400, "The batch is no JSON of Git LFS");
  }

  private static boolean isInParts(Item item) {
    return item.actions() != null
        && item.actions().values().stream().anyMatch(action -> action.header() != null);
  }

  private Item item(Request.Announced object, boolean parts, URI base) {
    var oid = Objects.requireNonNullElse(object.oid(), "");
    var size = object.size();
    if (size == null || size < 0 || !OID.matcher(oid).matches()) {
      throw new HubException(400, "An object has an oid, its SHA-256, and a size");
    }
    try {
      return uploads
          .open(new Sha256(oid), size, base)
          .map(opened -> item(oid, size, opened, parts, base))
          .orElseGet(() -> new Item(oid, size, null, null));
    } catch (RegistryException e) {
      if (e.type() == ProblemType.UNAVAILABLE) {
        throw e;
      }
      return new Item(
          oid,
          size,
          null,
          new Fault(HubErrorDelivery.status(e.type()), String.valueOf(e.getMessage())));
    }
  }

  private static Item item(
      String oid, long size, DirectUploads.Opened opened, boolean parts, URI base) {
    var own = base + "/lfs/uploads/" + opened.id();
    var verify = new Action(own + "/verify", null);
    if (opened.parts().size() == 1) {
      return new Item(
          oid,
          size,
          Map.of(
              "upload", new Action(opened.parts().getFirst().toString(), null), "verify", verify),
          null);
    }
    if (!parts) {
      return new Item(
          oid,
          size,
          null,
          new Fault(
              422,
              "More than %d bytes are sent in parts: transfer multipart"
                  .formatted(opened.partSize())));
    }
    var header = new LinkedHashMap<String, String>();
    header.put("chunk_size", String.valueOf(opened.partSize()));
    int number = 0;
    for (var part : opened.parts()) {
      header.put("%05d".formatted(++number), part.toString());
    }
    return new Item(
        oid, size, Map.of("upload", new Action(own + "/complete", header), "verify", verify), null);
  }
}
