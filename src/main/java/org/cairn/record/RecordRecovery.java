package org.cairn.record;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/**
 * Brings the rows of records back into an empty catalogue. Reads the store, so never to be called
 * in a transaction.
 */
@ApplicationScoped
public class RecordRecovery {

  /** Largest record, unzipped: what a JSON value of PostgreSQL holds. */
  private static final int MAX_BYTES = 256 << 20;

  private final RecordRecoveryService rows;
  private final Map<String, RecordKind> kinds;
  private final ObjectStore store;

  RecordRecovery(RecordRecoveryService rows, @All List<RecordKind> kinds, ObjectStore store) {
    this.rows = rows;
    this.kinds = kinds.stream().collect(Collectors.toMap(RecordKind::name, Function.identity()));
    this.store = store;
  }

  /** The objects of one thing, the newest first, and the folder that they are in. */
  public record Found(String kind, String folder, List<ObjectKey> objects) {}

  /**
   * Looks for records, and makes sure that those which are written from now on are newer.
   *
   * @return by kind
   */
  public Map<String, List<Found>> find() {
    var folders = new HashMap<String, List<ObjectKey>>();
    try (var objects = store.list(RecordName.ROOT)) {
      objects.forEach(object ->
          RecordName.of(object.key())
              .ifPresent(name ->
                  folders
                      .computeIfAbsent(name.folder(), f -> new ArrayList<>(1))
                      .add(object.key())));
    }
    var found = new HashMap<String, List<Found>>();
    long newest = 0;
    for (var folder : folders.entrySet()) {
      var keys = folder.getValue();
      keys.sort(Comparator.comparingLong(RecordRecovery::number).reversed());
      newest = Math.max(newest, number(keys.getFirst()));
      var parts = folder.getKey().split("/", 2);
      var kind = parts[0].substring(0, parts[0].length() - 1); // dataset-versions/...
      found
          .computeIfAbsent(kind, k -> new ArrayList<>())
          .add(new Found(kind, parts[1], List.copyOf(keys)));
    }
    rows.continueAfter(newest);
    return found;
  }

  private static long number(ObjectKey key) {
    return RecordName.of(key).orElseThrow().number();
  }

  /** Inserts the rows of some tables of a thing; answers whether that was possible. */
  public boolean insert(Found found, Collection<String> tables, Losses losses) {
    for (var key : found.objects()) {
      try {
        var ordered = kind(found).tables().stream().filter(tables::contains).toList();
        rows.insert(found.kind(), key, ordered, read(key));
        return true;
      } catch (IOException | RowsRefusedException e) {
        losses.lost(key.value(), String.valueOf(e.getMessage()));
      } catch (ObjectStoreException e) {
        lostUnlessItPasses(key, e, losses);
      }
    }
    return false;
  }

  /** The newest record of a thing that can be read, as JSON. */
  public Optional<String> text(Found found, Losses losses) {
    for (var key : found.objects()) {
      try {
        return Optional.of(read(key));
      } catch (IOException e) {
        losses.lost(key.value(), String.valueOf(e.getMessage()));
      } catch (ObjectStoreException e) {
        lostUnlessItPasses(key, e, losses);
      }
    }
    return Optional.empty();
  }

  private static void lostUnlessItPasses(ObjectKey key, ObjectStoreException e, Losses losses) {
    if (e.retryable()) {
      throw e;
    }
    losses.lost(key.value(), String.valueOf(e.getMessage()));
  }

  private RecordKind kind(Found found) throws IOException {
    var kind = kinds.get(found.kind());
    if (kind == null) {
      throw new IOException("this version does not know such records");
    }
    return kind;
  }

  private String read(ObjectKey key) throws IOException {
    byte[] bytes;
    try (var stream = store.open(key)) {
      bytes = stream.readNBytes(ObjectStore.MAX_SMALL + 1);
    }
    if (!RecordName.of(key).orElseThrow().digest().equals(Sha256.of(bytes))) {
      throw new IOException("its bytes do not have the SHA-256 of its name");
    }
    try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      var text = unzipped.readNBytes(MAX_BYTES + 1);
      if (text.length > MAX_BYTES) {
        throw new IOException("it has more than " + MAX_BYTES + " bytes");
      }
      return new String(text, StandardCharsets.UTF_8);
    }
  }
}
