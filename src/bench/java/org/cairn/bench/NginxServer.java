package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An nginx, got by {@code .ci/peer}: what a server does that is only fast. */
final class NginxServer implements AutoCloseable {

  private final Process process;
  private final int port;

  private NginxServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Serves a folder as if it were a Hub: every answer is a file, and two headers come from the
   * address.
   *
   * @param folder in which {@code files} are what it serves
   * @param tags of files, by the paths of their addresses
   */
  static NginxServer hub(Path folder, Map<String, String> tags)
      throws IOException, InterruptedException {
    var lines =
        tags.entrySet().stream()
            .map(tag -> "    \"%s\" '\"%s\"';".formatted(tag.getKey(), tag.getValue()))
            .collect(Collectors.joining("\n"));
    return start(
        folder,
        """
        types {}
        map_hash_bucket_size 512;
        map_hash_max_size 16384;
        map $uri $tag {
        %s
        }
        """
            .formatted(lines),
        """
        root %s/files;
        location ~ ^/[^/]+/[^/]+/resolve/(?<commit>[0-9a-f]+)/ {
          default_type application/octet-stream;
          add_header X-Repo-Commit $commit;
          add_header ETag $tag;
        }
        location /api/ { default_type application/json; }
        """
            .formatted(folder));
  }

  /** Passes everything on to another server and its answers back, through memory alone. */
  static NginxServer relay(Path folder, URI server) throws IOException, InterruptedException {
    return start(
        folder,
        """
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_max_temp_file_size 0;
        proxy_buffer_size 64k;
        proxy_buffers 8 64k;
        """,
        "location / { proxy_pass http://%s; }".formatted(server.getAuthority()));
  }

  /** Starts it and waits until it listens. */
  private static NginxServer start(Path folder, String http, String server)
      throws IOException, InterruptedException {
    var program = Peers.locate("nginx");
    int port = CairnProcess.freePort();
    var configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configuration(folder, port, http, server));
    var process =
        new ProcessBuilder(
                program.toString(),
                "-p",
                folder.toString(),
                "-e",
                folder.resolve("nginx.log").toString(),
                "-c",
                configuration.toString())
            .inheritIO()
            .start();
    CairnProcess.awaitListening("nginx", process, port);
    return new NginxServer(process, port);
  }

  private static String configuration(Path folder, int port, String http, String server) {
    return """
    daemon off;
    user %1$s;
    worker_processes auto;
    pid %2$s/nginx.pid;
    error_log %2$s/nginx.log warn;
    events { worker_connections 512; }
    http {
      access_log off;
      sendfile on;
      tcp_nopush on;
      etag off;
      keepalive_requests 1000000;
      open_file_cache max=4096;
      client_body_temp_path %2$s/body;
      proxy_temp_path %2$s/proxy;
      fastcgi_temp_path %2$s/fastcgi;
      uwsgi_temp_path %2$s/uwsgi;
      scgi_temp_path %2$s/scgi;
    %4$s
      server {
        listen 127.0.0.1:%3$d backlog=512;
    %5$s
      }
    }
    """
        .formatted(System.getProperty("user.name"), folder, port, http, server);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Of all its processes. */
  double processorSeconds() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToDouble(Meter::processorSeconds)
        .sum();
  }

  @Override
  public void close() {
    CairnProcess.stop(process.toHandle());
  }
}
