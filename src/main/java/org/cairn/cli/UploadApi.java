package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** The requests about artifacts and their uploads. */
final class UploadApi {

  /** Most digests of one question. */
  private static final int BATCH = 1000;

  /** Most pages of open uploads that are looked through for ones to continue. */
  private static final int MOST_OPEN = 5_000;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final Api api;

  UploadApi(Api api) {
    this.api = api;
  }

  Api api() {
    return api;
  }

  /**
   * An upload as the service sees it.
   *
   * @param targets the addresses that came with it, by number of the part
   */
  record Upload(
      String id,
      Sha256 sha256,
      long size,
      String state,
      @Nullable PartPlan plan,
      Map<Integer, URI> targets,
      @Nullable String actualSha256,
      @Nullable String failure) {

    boolean is(String other) {
      return state.equals(other);
    }

    PartPlan parts() {
      if (plan == null) {
        throw new CliException(
            ExitCode.FAILED, "The server does not say how upload " + id + " is cut");
      }
      return plan;
    }
  }

  /** A part that the store has. */
  record Arrived(long size, String etag) {}

  /** Which of {@code digests} need not be sent. */
  Set<Sha256> known(Collection<Sha256> digests) {
    var known = new HashSet<Sha256>();
    var left = new ArrayList<>(digests);
    for (int i = 0; i < left.size(); i += BATCH) {
      ArrayNode batch = Json.array();
      var asked = new HashMap<String, Sha256>();
      for (var digest : left.subList(i, Math.min(left.size(), i + BATCH))) {
        asked.put(digest.hex(), digest);
        batch.add(digest.hex());
      }
      var answer = api.post("/v1/artifacts/known", Json.object().set("sha256", batch));
      for (var hex : answer.texts("known")) {
        var digest = asked.get(hex);
        if (digest != null) {
          known.add(digest);
        }
      }
    }
    return known;
  }

  /** Uploads in one state, by digest; those of other clients too. */
  Map<Sha256, Upload> inState(String state) {
    var uploads = new HashMap<Sha256, Upload>();
    var token = "";
    for (int seen = 0; seen < MOST_OPEN; ) {
      var page =
          api.get(
              "/v1/uploads?pageSize=500&state="
                  + state
                  + (token.isEmpty() ? "" : "&pageToken=" + ServerUrl.segment(token)));
      for (var item : page.requireList("items")) {
        var upload = upload(item);
        uploads.putIfAbsent(upload.sha256(), upload);
        seen++;
      }
      token = page.textOr("nextPageToken", "");
      if (token.isEmpty() || page.list("items").isEmpty()) {
        break;
      }
    }
    return uploads;
  }

  Upload start(Sha256 digest, long size, String mediaType) {
    var request =
        Json.object().put("sha256", digest.hex()).put("size", size).put("mediaType", mediaType);
    var reply = api.post("/v1/uploads", request);
    return reply.text("state").equals("verified") && !reply.has("id")
        ? new Upload("", digest, size, "verified", null, Map.of(), null, null)
        : upload(reply);
  }

  /** The upload as it is now; waits up to {@code seconds} while it is being verified. */
  Upload get(String id, int seconds) {
    return upload(api.get("/v1/uploads/" + id + "?wait=" + seconds));
  }

  /** What has arrived of an upload, by number of the part. */
  Map<Integer, Arrived> arrived(Upload upload) {
    var arrived = new HashMap<Integer, Arrived>();
    for (var part : api.get("/v1/uploads/" + upload.id() + "/parts").requireList("arrived")) {
      var number = part.count("number");
      if (upload.parts().has(number)) {
        var etag = part.textOr("etag", "").replace("\"", "");
        arrived.put((int) number, new Arrived(part.count("size"), etag));
      }
    }
    return arrived;
  }

  /** Fresh addresses for some parts. */
  Map<Integer, URI> sign(Upload upload, List<Integer> numbers) {
    var wanted = Json.array();
    numbers.forEach(wanted::add);
    var path = "/v1/uploads/" + upload.id() + "/parts";
    return targets(api.post(path, Json.object().set("numbers", wanted)));
  }

  Upload complete(Upload upload) {
    return upload(api.post("/v1/uploads/" + upload.id() + "/complete", Json.object()));
  }

  private Upload upload(Answer answer) {
    var id = answer.text("id");
    if (!ID.matcher(id).matches()) {
      throw new CliException(
          ExitCode.FAILED, "The server names an upload in a way that is refused");
    }
    var size = answer.count("size");
    var plan =
        answer.has("partSize")
            ? new PartPlan(
                size,
                answer.count("partSize"),
                (int) Math.min(answer.count("partCount"), Integer.MAX_VALUE))
            : null;
    return new Upload(
        id,
        answer.sha256("sha256"),
        size,
        answer.text("state"),
        plan,
        targets(answer),
        answer.textOrNull("actualSha256"),
        answer.textOrNull("failure"));
  }

  private Map<Integer, URI> targets(Answer answer) {
    var targets = new HashMap<Integer, URI>();
    for (var part : answer.list("parts")) {
      var number = (int) Math.min(part.count("number"), Integer.MAX_VALUE);
      targets.put(number, ServerUrl.follow(api.server().at("/"), part.text("url")));
    }
    return targets;
  }
}
