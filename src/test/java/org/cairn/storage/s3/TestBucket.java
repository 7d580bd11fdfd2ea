package org.cairn.storage.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.S3Server;

/** The configuration of a bucket, without a container. */
public record TestBucket(
    URI endpoint,
    Optional<URI> publicEndpoint,
    String bucket,
    Optional<String> accessKey,
    Optional<String> secretKey)
    implements S3Config {

  public static TestBucket of(S3Server server) {
    return at(server.endpoint(), S3Resource.ACCESS_KEY, S3Resource.SECRET_KEY);
  }

  static TestBucket at(String endpoint, String accessKey, String secretKey) {
    return new TestBucket(
        URI.create(endpoint),
        Optional.empty(),
        "contract",
        Optional.of(accessKey),
        Optional.of(secretKey));
  }

  TestBucket withPublicEndpoint(String address) {
    return new TestBucket(endpoint, Optional.of(URI.create(address)), bucket, accessKey, secretKey);
  }

  public TestBucket withBucket(String name) {
    return new TestBucket(endpoint, publicEndpoint, name, accessKey, secretKey);
  }

  TestBucket withSecretKey(String secret) {
    return new TestBucket(endpoint, publicEndpoint, bucket, accessKey, Optional.of(secret));
  }

  public S3ObjectStore open() {
    return new S3ObjectStore(S3Clients.of(this));
  }

  @Override
  public String region() {
    return "us-east-1";
  }

  @Override
  public boolean createBucket() {
    return true;
  }

  @Override
  public Duration connectTimeout() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration readTimeout() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Duration assemblyTimeout() {
    return Duration.ofMinutes(1);
  }

  @Override
  public Duration writeTimeout() {
    return Duration.ofSeconds(10);
  }

  @Override
  public int connections() {
    return 32;
  }
}
