package org.cairn.xet;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.cairn.api.ClientGoneException;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactRebuilds;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.artifact.MalformedContentException;
import org.cairn.platform.Sha256;
import org.cairn.xet.ShardPlan.PlannedFile;

/** Takes what clients send. */
@ApplicationScoped
class XetStore {

  /**
   * How long an answer waits for its files. Clients hang up after two minutes; whatever takes
   * longer goes on, and its digest says that it is being verified.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private final Staging staging;
  private final ArtifactService artifacts;
  private final ArtifactRebuilds rebuilds;

  XetStore(Staging staging, ArtifactService artifacts, ArtifactRebuilds rebuilds) {
    this.staging = staging;
    this.artifacts = artifacts;
    this.rebuilds = rebuilds;
  }

  /**
   * Keeps a xorb until files are made of it.
   *
   * @param length what the request says it sends; negative where it does not say
   * @return whether it was not here before
   */
  boolean putXorb(UUID session, XetHash xorb, InputStream body, long length) {
    if (length < 1) {
      throw RegistryException.invalid("Content-Length", "must say how long the xorb is");
    }
    if (length > XorbScan.MAX_BYTES) {
      throw new RegistryException(
          ProblemType.TOO_LARGE, "A xorb has at most " + XorbScan.MAX_BYTES + " bytes");
    }
    try {
      if (staging.hasXorb(session, xorb)) {
        body.transferTo(OutputStream.nullOutputStream());
        return false;
      }
      return staging.putXorb(session, xorb, new XorbScan(body), length);
    } catch (MalformedContentException e) {
      throw refused("xorb", e);
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }

  /** Makes the files of a shard, and waits for them for a while. Nothing is made of a bad shard. */
  void putShard(UUID session, InputStream body) throws InterruptedException {
    var plan = new ShardPlan(staging, session);
    try {
      new ShardReader(body).read(plan);
    } catch (MalformedContentException e) {
      throw refused("shard", e);
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
    var known = artifacts.promise(plan.files().stream().map(PlannedFile::sha256).toList());
    var missing = new ArrayList<PlannedFile>();
    for (var file : plan.files()) {
      var status = known.get(file.sha256());
      if (status == null || status.state() != ArtifactState.VERIFIED) {
        missing.add(file);
      } else if (status.size() != null && status.size() != file.size()) {
        throw RegistryException.invalid(
            "shard", "the bytes of " + file.sha256() + " are " + status.size() + " long");
      }
    }
    var attempts = new ArrayList<Attempt>();
    for (var file : missing) {
      attempts.add(begin(session, file));
    }
    await(attempts);
  }

  /** What was begun to make a file. */
  private record Attempt(UUID id, Sha256 sha256) {}

  private Attempt begin(UUID session, PlannedFile file) {
    var recipe = file.recipe().encode();
    // Named by what it does, so that a client that repeats itself finds it.
    var words = session + "/" + file.sha256() + "/" + Sha256.of(recipe);
    var id = UUID.nameUUIDFromBytes(words.getBytes(StandardCharsets.US_ASCII));
    if (!rebuilds.isKnown(id)) {
      var name = id.toString();
      staging.putRecipe(session, name, recipe);
      try {
        rebuilds.begin(
            id, file.sha256(), file.size(), XetSource.NAME, XetSource.pointer(session, name));
      } catch (RegistryException e) {
        staging.deleteRecipe(session, name);
        throw e;
      }
    }
    return new Attempt(id, file.sha256());
  }

  private void await(List<Attempt> attempts) throws InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    for (var attempt : attempts) {
      var left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      var state = rebuilds.await(attempt.id(), left);
      if (!state.verified() && !state.underWay()) {
        throw RegistryException.invalid(
            "shard", "there is no " + attempt.sha256() + " in it: " + state.failure());
      }
    }
  }

  private static RegistryException refused(String what, MalformedContentException e) {
    return RegistryException.invalid(what, String.valueOf(e.getMessage()));
  }
}
