package org.cairn.storage.s3;

import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.credentials.AwsEnvironmentProvider;
import io.minio.credentials.ChainedProvider;
import io.minio.credentials.IamAwsProvider;
import io.minio.credentials.Provider;
import io.minio.credentials.StaticProvider;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * The clients of one bucket, over one pool of connections.
 *
 * @param service talks to the store
 * @param signer signs for the public endpoint and never talks to anybody
 * @param retrying sends what may be sent twice
 * @param plain sends what may not, such as a body that streams through
 */
record S3Clients(
    String bucket,
    String region,
    Http.BaseUrl endpoint,
    Provider credentials,
    MinioAsyncClient service,
    MinioAsyncClient signer,
    OkHttpClient retrying,
    OkHttpClient plain)
    implements AutoCloseable {

  static S3Clients of(S3Config config) {
    S3Reads.keepConnections(config.connections());
    var retrying = client(config);
    var plain = retrying.newBuilder();
    plain.interceptors().clear();
    var credentials = credentials(config, retrying);
    var endpoint = endpoint(config.endpoint().toString(), config.region());
    var publicEndpoint =
        endpoint(config.publicEndpoint().orElse(config.endpoint()).toString(), config.region());
    return new S3Clients(
        config.bucket(),
        config.region(),
        endpoint,
        credentials,
        minio(endpoint, credentials, retrying),
        minio(publicEndpoint, credentials, retrying),
        retrying,
        plain.build());
  }

  private static OkHttpClient client(S3Config config) {
    // Virtual threads, as OkHttp's own would keep the JVM alive for a minute after the last
    // request.
    var dispatcher = new Dispatcher(Executors.newVirtualThreadPerTaskExecutor());
    dispatcher.setMaxRequests(config.connections());
    dispatcher.setMaxRequestsPerHost(config.connections());
    return Http.newDefaultClient()
        .newBuilder()
        .addInterceptor(chain ->
            chain
                .withReadTimeout(
                    Math.toIntExact(patience(chain.request(), config).toMillis()),
                    TimeUnit.MILLISECONDS)
                .proceed(chain.request()))
        .dispatcher(dispatcher)
        .connectionPool(new ConnectionPool(config.connections(), 1, TimeUnit.MINUTES))
        .connectTimeout(config.connectTimeout())
        .readTimeout(config.readTimeout())
        .writeTimeout(config.writeTimeout())
        .build();
  }

  /** Stores may copy all parts of an upload into one object before they say a word. */
  private static Duration patience(Request request, S3Config config) {
    var completes =
        request.method().equals("POST") && request.url().queryParameter("uploadId") != null;
    return completes ? config.assemblyTimeout() : config.readTimeout();
  }

  /** A request that none of the client's own methods makes. */
  Request signed(String what, Http.S3Request.Builder request) {
    return S3Calls.run(
        what,
        () ->
            request
                .userAgent("cairn")
                .build()
                .toRequest(endpoint, region, credentials.fetch())
                .httpRequest());
  }

  /** With the region given: without it the client asks the store before it signs. */
  private static Http.BaseUrl endpoint(String url, String region) {
    var endpoint = new Http.BaseUrl(url);
    endpoint.setRegion(region);
    return endpoint;
  }

  private static MinioAsyncClient minio(
      Http.BaseUrl endpoint, Provider credentials, OkHttpClient http) {
    return MinioAsyncClient.builder()
        .baseUrl(endpoint)
        .credentialsProvider(credentials)
        .httpClient(http)
        .build();
  }

  private static Provider credentials(S3Config config, OkHttpClient http) {
    var accessKey = config.accessKey().orElse("");
    var secretKey = config.secretKey().orElse("");
    if (accessKey.isEmpty() != secretKey.isEmpty()) {
      throw new IllegalStateException(
          "cairn.s3.access-key and cairn.s3.secret-key go together: give both or neither");
    }
    return accessKey.isEmpty()
        ? new ChainedProvider(new AwsEnvironmentProvider(), new IamAwsProvider(null, http))
        : new StaticProvider(accessKey, secretKey, null);
  }

  @Override
  public void close() {
    retrying.dispatcher().executorService().shutdown();
    retrying.connectionPool().evictAll();
  }
}
