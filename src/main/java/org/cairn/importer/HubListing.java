package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.cairn.importer.ContentListing.Published;
import org.cairn.importer.Listing.Unreadable;
import org.cairn.importer.PublicHttp.RefusedException;
import org.cairn.importer.RunReading.RemoteFile;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.Names;
import org.cairn.platform.ParsedLabel;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Reads the branches and tags of a model repository, and the files of those that name a step, over
 * the Hub's protocol: {@code /api/models/ID/refs} and {@code /api/models/ID/tree/REV}. No file is
 * read: what LFS keeps has its SHA-256 in the tree.
 */
final class HubListing {

  /** Largest answer, in bytes: a page of a tree has a thousand entries. */
  private static final int ANSWER_MAX = 16 << 20;

  private static final int REVISIONS_MAX = 20_000;
  private static final int FILES_MAX = 1_000_000;

  /** Most bytes of an address with its path: an index of the catalogue takes 2,704. */
  private static final int ADDRESS_MAX = 2_500;

  /** Most pages of one revision: a server may go on for ever without a file. */
  private static final int PAGES_MAX = 1_000;

  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern WEIGHTS =
      Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt|h5|msgpack|npz|gguf)");

  private final PublicHttp http;
  private final String endpoint;
  private final String repository;
  private final RunReading run;
  private final List<ListedCheckpoint> checkpoints = new ArrayList<>();
  private final List<Unreadable> unreadable = new ArrayList<>();
  private final List<Published> published = new ArrayList<>();

  /**
   * @param run takes what is read
   */
  HubListing(PublicHttp http, String endpoint, String repository, RunReading run) {
    this.http = http;
    this.endpoint =
        endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
    this.repository = repository;
    this.run = run;
  }

  /**
   * Reads the repository to its end.
   *
   * @param stop asked before each page
   * @throws UnreadableListingException where the server says no, or something else than the
   *     protocol
   */
  void read(BooleanSupplier stop) throws InterruptedException {
    var revisions = new ArrayList<String>();
    var seen = new HashSet<String>();
    var refs = json(endpoint + "/api/models/" + repository + "/refs");
    for (var kind : List.of("branches", "tags")) {
      for (var ref : refs.node().path(kind)) {
        var name = ref.path("name").asText("");
        if (!name.isEmpty() && seen.add(name)) {
          revisions.add(name);
        }
      }
    }
    if (revisions.size() > REVISIONS_MAX) {
      throw new UnreadableListingException("has more than " + REVISIONS_MAX + " branches and tags");
    }
    int line = 0;
    for (var revision : revisions) {
      line++;
      if (stop.getAsBoolean()) {
        return;
      }
      revision(line, revision, revisions.size() == 1, stop);
    }
    var listing = new Listing(repository, checkpoints, unreadable);
    run.listings.add(listing);
    run.faults.addAll(ListingRules.check(listing));
    run.contents.add(new RunReading.Contents(repository, published));
  }

  private void revision(int line, String revision, boolean only, BooleanSupplier stop)
      throws InterruptedException {
    ParsedLabel said = LabelGrammars.parse(revision).orElse(null);
    if ((said == null || said.step() == null) && only) {
      // One repository for each checkpoint: its name says the step.
      said = LabelGrammars.parse(repository).orElse(null);
    }
    if (said == null || said.step() == null) {
      if (!revision.equals("main")) {
        unreadable.add(new Unreadable(line, "the name " + revision + " says no step"));
      }
      return;
    }
    var encoded = URLEncoder.encode(revision, StandardCharsets.UTF_8).replace("+", "%20");
    var checkpoint =
        new ListedCheckpoint(
            line,
            Names.isPart(said.stage()) ? said.stage() : "",
            Names.isPart(said.branch()) ? said.branch() : "",
            said.step(),
            null,
            endpoint + "/" + repository + "/tree/" + encoded);
    checkpoints.add(checkpoint);
    run.revisions.put(checkpoint, revision);
    files(line, revision, encoded, said.step(), stop);
  }

  private void files(int line, String revision, String encoded, long step, BooleanSupplier stop)
      throws InterruptedException {
    var weights = new TreeMap<String, StringBuilder>();
    @Nullable String next =
        endpoint
            + "/api/models/"
            + repository
            + "/tree/"
            + encoded
            + "?recursive=true&expand=false";
    for (int pages = 0; next != null && !stop.getAsBoolean(); pages++) {
      if (pages == PAGES_MAX) {
        throw new UnreadableListingException(
            "has more than " + PAGES_MAX + " pages of files in " + revision);
      }
      var page = json(next);
      for (var entry : page.node()) {
        if (entry.path("type").asText().equals("file")) {
          var file = file(revision, encoded, entry);
          run.remoteFiles.add(file);
          var ending = WEIGHTS.matcher(file.path().toLowerCase(Locale.ROOT));
          if (ending.matches() && "sha256".equals(file.algorithm())) {
            weights
                .computeIfAbsent(ending.group(1), key -> new StringBuilder())
                .append(file.path())
                .append(' ')
                .append(file.digest())
                .append('\n');
          }
        }
      }
      if (run.remoteFiles.size() > FILES_MAX) {
        throw new UnreadableListingException("has more than " + FILES_MAX + " files");
      }
      next = page.next();
    }
    weights.forEach((ending, files) ->
        published.add(
            new Published(
                line, repository + " *." + ending, revision, step, contentOf(files.toString()))));
  }

  /** The digest of one file, or one over the names and digests of several. */
  private static String contentOf(String files) {
    var lines = files.lines().toList();
    return lines.size() == 1
        ? lines.getFirst().substring(lines.getFirst().lastIndexOf(' ') + 1)
        : Sha256.of(files.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private RemoteFile file(String revision, String encoded, JsonNode entry) {
    var path = entry.path("path").asText("");
    if (!Names.faultOfPath(path).isEmpty()) {
      throw new UnreadableListingException(
          "has a file in " + revision + " whose path nobody can write: " + path);
    }
    var lfs = entry.path("lfs");
    var oid = lfs.path("oid").asText("").replaceFirst("^sha256:", "");
    boolean isLfs = SHA256.matcher(oid).matches();
    var size = isLfs && lfs.path("size").canConvertToLong() ? lfs.path("size") : entry.path("size");
    var address =
        endpoint
            + "/"
            + repository
            + "/resolve/"
            + encoded
            + "/"
            + URLEncoder.encode(path, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    if (address.length() + path.getBytes(StandardCharsets.UTF_8).length > ADDRESS_MAX) {
      throw new UnreadableListingException(
          "has a file in " + revision + " whose address is too long: " + path);
    }
    return new RemoteFile(
        revision,
        path,
        address,
        size.canConvertToLong() && size.asLong() >= 0 ? size.asLong() : null,
        isLfs ? "sha256" : entry.path("oid").isTextual() ? "sha1-git" : null,
        isLfs ? oid : entry.path("oid").textValue());
  }

  private record Page(JsonNode node, @Nullable String next) {}

  private Page json(String address) throws InterruptedException {
    try {
      var reply = http.get(PublicHttp.parsed(address), ANSWER_MAX);
      if (reply.status() != 200) {
        throw new UnreadableListingException(
            "cannot be listed: " + address + " answers " + reply.status());
      }
      var link = reply.header("Link");
      var next = NEXT.matcher(link == null ? "" : link);
      return new Page(
          ForeignJson.read(reply.body().getBytes()),
          next.find() ? URI.create(address).resolve(next.group(1)).toString() : null);
    } catch (RefusedException e) {
      throw new UnreadableListingException(
          "is not asked for, since " + address + " " + e.getMessage());
    } catch (UnknownHostException e) {
      throw new UnreadableListingException("cannot be listed: the host has no address");
    } catch (TimeoutException e) {
      throw new UnreadableListingException("cannot be listed: no answer from " + address);
    } catch (ExecutionException e) {
      throw new UnreadableListingException("cannot be listed: " + e.getCause());
    } catch (IllegalArgumentException e) {
      throw new UnreadableListingException("leads from " + address + " to what is no address");
    }
  }
}
