package org.cairn.xet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.cairn.artifact.MalformedContentException;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** Holds a shard against the xorbs of its session, and keeps how its files are made. */
final class ShardPlan implements ShardReader.Visitor {

  /** Indexes in memory: files mostly go through one xorb after the other. */
  private static final int INDEXES = 64;

  private final Staging staging;
  private final UUID session;
  private final List<PlannedFile> files = new ArrayList<>();
  private final Map<XetHash, XorbIndex> indexes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<XetHash, XorbIndex> eldest) {
          return size() > INDEXES;
        }
      };
  private @Nullable Recipe recipe;

  ShardPlan(Staging staging, UUID session) {
    this.staging = staging;
    this.session = session;
  }

  /** A file that is to be made. */
  record PlannedFile(Sha256 sha256, Recipe recipe) {

    long size() {
      return recipe.size();
    }
  }

  List<PlannedFile> files() {
    return files;
  }

  @Override
  public void file() {
    recipe = new Recipe();
  }

  @Override
  public void term(XetHash xorb, long from, long to, long size) throws IOException {
    var index = index(xorb);
    var term = index.term(xorb, from, to);
    if (term.size() != size) {
      throw new MalformedContentException(
          "Chunks %d to %d of xorb %s have %d bytes, and not %d"
              .formatted(from, to, xorb, term.size(), size));
    }
    Objects.requireNonNull(recipe).add(term, index.size());
  }

  @Override
  public void end(Sha256 sha256) throws IOException {
    var made = Objects.requireNonNull(recipe);
    made.check();
    files.add(new PlannedFile(sha256, made));
    recipe = null;
  }

  private XorbIndex index(XetHash xorb) throws IOException {
    var known = indexes.get(xorb);
    if (known != null) {
      return known;
    }
    var found =
        staging
            .index(session, xorb)
            .orElseThrow(() ->
                new MalformedContentException("Xorb " + xorb + " was not sent in this upload"));
    indexes.put(xorb, found);
    return found;
  }
}
