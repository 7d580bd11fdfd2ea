package org.cairn.storage.s3;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.InvalidResponseException;
import io.minio.errors.MinioException;
import io.minio.errors.ServerException;
import io.minio.errors.XmlParserException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.cairn.storage.ObjectStoreException;
import org.cairn.storage.ObjectStoreException.Kind;
import org.jspecify.annotations.Nullable;

/** Runs calls of the client and says in the port's words why one failed. */
final class S3Calls {

  /** A call that the client makes before it returns. */
  interface Call<T> {
    T run() throws MinioException;
  }

  private S3Calls() {}

  /** Waits for a call; {@code what} begins the message of a failure. */
  static <T> T await(String what, Supplier<CompletableFuture<T>> call) {
    try {
      return call.get().get();
    } catch (ExecutionException e) {
      throw fault(what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException(Kind.UNAVAILABLE, what + ": interrupted", e);
    } catch (ObjectStoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw fault(what, e);
    }
  }

  static <T> T run(String what, Call<T> call) {
    try {
      return call.run();
    } catch (MinioException | RuntimeException e) {
      throw fault(what, e);
    }
  }

  /** As {@link #await}, where NOT_FOUND is no failure. */
  static <T> @Nullable T awaitOrNull(String what, Supplier<CompletableFuture<T>> call) {
    try {
      return await(what, call);
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  static ObjectStoreException fault(String what, @Nullable Throwable cause) {
    return switch (cause) {
      case ObjectStoreException e -> e;
      case CompletionException e when e.getCause() != null -> fault(what, e.getCause());
      case ErrorResponseException e ->
          fault(
              what,
              e.response() == null ? 0 : e.response().code(),
              e.errorResponse().code(),
              String.valueOf(e.errorResponse().message()),
              e);
      case ServerException e -> fault(what, e.statusCode(), "", String.valueOf(e.getMessage()), e);
      // No XML, or not all of it: the answer of a proxy before the store, or one that broke off.
      case InvalidResponseException e -> unavailable(what, e);
      case XmlParserException e -> unavailable(what, e);
      case MinioException e when e.getCause() instanceof IOException io -> unavailable(what, io);
      case IOException e -> unavailable(what, e);
      // Credentials could not be fetched: the client has no narrower type in its signatures.
      case java.security.ProviderException e ->
          new ObjectStoreException(Kind.UNAVAILABLE, what + ": " + e.getMessage(), e);
      case null, default -> new ObjectStoreException(Kind.INVALID, what + ": " + cause, cause);
    };
  }

  /** A failure by its HTTP status and S3's error code, either of which may be missing. */
  static ObjectStoreException fault(
      String what, int status, String code, String message, @Nullable Throwable cause) {
    var kind =
        switch (code) {
          case "NoSuchKey", "NoSuchUpload" -> Kind.NOT_FOUND;
          case "PreconditionFailed" -> Kind.EXISTS;
          // The bucket is the operator's to make; until then nothing here can work.
          case "NoSuchBucket" -> Kind.UNAVAILABLE;
          case "InsufficientStorage", "XMinioStorageFull", "QuotaExceeded" -> Kind.FULL;
          // The clocks of store and service differ: that passes, and no key is wrong.
          case "RequestTimeTooSkewed" -> Kind.UNAVAILABLE;
          case "SlowDown",
              "InternalError",
              "ServiceUnavailable",
              "RequestTimeout",
              "ConditionalRequestConflict",
              "OperationAborted" ->
              Kind.UNAVAILABLE;
          // So does an address that was signed a moment ago.
          case "AccessDenied" -> message.contains("expired") ? Kind.UNAVAILABLE : byStatus(status);
          default -> byStatus(status);
        };
    return new ObjectStoreException(kind, what + ": " + status + " " + code + " " + message, cause);
  }

  private static Kind byStatus(int status) {
    return switch (status) {
      case 401, 403 -> Kind.DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 412 -> Kind.EXISTS;
      case 408, 429 -> Kind.UNAVAILABLE;
      case 507 -> Kind.FULL;
      default -> status >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
    };
  }

  private static ObjectStoreException unavailable(String what, Exception e) {
    return new ObjectStoreException(Kind.UNAVAILABLE, what + ": " + e, e);
  }
}
