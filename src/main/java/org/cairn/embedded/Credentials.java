package org.cairn.embedded;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Properties;

/**
 * The random secrets of one data folder, made at its first start and readable by its owner only.
 */
record Credentials(
    String superuserPassword, String databasePassword, String accessKey, String secretKey) {

  /** Reads the file, or writes a new one whole: a start that is killed here leaves none. */
  static Credentials readOrCreate(Path file) throws IOException {
    if (!Files.exists(file)) {
      write(file);
    }
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new Credentials(
        get(properties, "postgres.superuser-password", file),
        get(properties, "postgres.password", file),
        get(properties, "s3.access-key", file),
        get(properties, "s3.secret-key", file));
  }

  @Override
  public String toString() {
    return "Credentials[...]";
  }

  private static void write(Path file) throws IOException {
    var random = new SecureRandom();
    var properties = new Properties();
    properties.setProperty("postgres.superuser-password", secret(random, 20));
    properties.setProperty("postgres.password", secret(random, 20));
    properties.setProperty("s3.access-key", secret(random, 10));
    properties.setProperty("s3.secret-key", secret(random, 20));
    var text = new StringWriter();
    properties.store(text, "Secrets of this data folder's PostgreSQL and S3 server. Keep them.");

    var temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    var options =
        EnumSet.of(
            StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
    try (var channel = Files.newByteChannel(temporary, options, ownerOnly(temporary))) {
      channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    var posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static String secret(SecureRandom random, int bytes) {
    var secret = new byte[bytes];
    random.nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  private static String get(Properties properties, String key, Path file) throws IOException {
    var value = properties.getProperty(key);
    if (value == null) {
      throw new IOException(file + " has no " + key);
    }
    return value;
  }
}
