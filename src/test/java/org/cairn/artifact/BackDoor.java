package org.cairn.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;

/** What somebody sees and does who reaches the store and the database past the service. */
record BackDoor(ObjectStore store, DataSource database) {

  private static final String TYPE = "application/octet-stream";

  Storage storage() {
    return new Storage(database);
  }

  /** Whether the store knows the parts of an upload, or lists it. */
  boolean hasUpload(UUID id) {
    var upload = multipart(id);
    try {
      assertThat(store.listParts(upload)).isNotEmpty();
      return true;
    } catch (ObjectStoreException e) {
      assertThat(e.kind()).isEqualTo(ObjectStoreException.Kind.NOT_FOUND);
      var key = upload.key().value();
      var folder = new ObjectKey(key.substring(0, key.lastIndexOf('/')));
      try (var unfinished = store.listMultiparts(folder)) {
        return unfinished.findAny().isPresent();
      }
    }
  }

  private MultipartUpload multipart(UUID id) {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select storage_key, multipart_id from upload where id = ?")) {
      statement.setObject(1, id);
      try (var rows = statement.executeQuery()) {
        assertThat(rows.next()).isTrue();
        return new MultipartUpload(new ObjectKey(rows.getString(1)), rows.getString(2));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Flips a bit of the only object of these bytes. */
  void alter(byte[] bytes) {
    var altered = bytes.clone();
    altered[bytes.length / 2] ^= 1;
    var key = object(bytes);
    store.delete(List.of(key));
    store.putIfAbsent(key, altered, TYPE);
  }

  /** Deletes the only object of these bytes. */
  void lose(byte[] bytes) {
    store.delete(List.of(object(bytes)));
  }

  /** Leaves what a crash may leave: an upload of other bytes, listed before the right one. */
  void addWrongBytes(byte[] bytes) {
    var first = ObjectKey.of(folder(bytes).value(), new UUID(0, 0).toString());
    store.putIfAbsent(first, new byte[3], TYPE);
  }

  private ObjectKey object(byte[] bytes) {
    try (var objects = store.list(folder(bytes))) {
      return objects.map(ObjectInfo::key).findFirst().orElseThrow();
    }
  }

  private static ObjectKey folder(byte[] bytes) {
    var hex = Uploads.sha256(bytes);
    return ObjectKey.of("artifacts", hex.substring(0, 2), hex);
  }
}
