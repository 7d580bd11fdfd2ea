package org.cairn.bench;

import java.util.List;

/**
 * From a file that the registry does not know to a sealed checkpoint: the upload in parts, the
 * service's own hashing of every byte, the registration. Two floors for the whole: the MinIO
 * client's multipart upload of the same file to the same server, with parts of the same size and as
 * many at once; and one presigned PUT, which hashes nothing anywhere. And one floor for the
 * verification alone: a bare SHA-256 loop over the same bytes.
 */
final class PublicationBenchmark implements Benchmark {

  private static final long WARM_UP = 96L << 20;

  private final TestBed bed;
  private final long size;
  private final boolean upload;
  private final boolean verification;
  private final Comparison againstClient;
  private final Comparison againstPut;
  private final Comparison againstLoop;
  private final List<Figure> stages;
  private String run = "";

  /**
   * @param upload whether the upload is compared
   * @param verification whether the verification is compared
   */
  PublicationBenchmark(
      TestBed bed, Report report, long size, boolean upload, boolean verification) {
    this.bed = bed;
    this.size = size;
    this.upload = upload;
    this.verification = verification;
    this.againstClient =
        report.comparison("upload to sealed", "MinIO client's multipart upload", "MiB/s", 0.8);
    this.againstPut =
        report.comparison("upload to sealed", "one presigned PUT to the store", "MiB/s");
    this.againstLoop = report.comparison("verification", "SHA-256 loop on one core", "MiB/s", 0.9);
    this.stages =
        List.of(
            report.figure("upload: sending the parts", "s"),
            report.figure("upload: putting the parts together (store)", "s"),
            report.figure("upload: verification and waiting for it", "s"),
            report.figure("upload: registering and sealing", "s"));
  }

  @Override
  public void prepare() throws Exception {
    run = bed.newRun("publications");
    var payload = Payload.random(file(), Math.min(WARM_UP, size));
    publish(payload, 0);
    if (upload) {
      var _ = bed.store().uploadSeconds(payload);
      var _ = bed.store().putSeconds(payload);
    }
    var _ = Sha256Loop.digest(payload.file());
  }

  @Override
  public void round(int number) throws Exception {
    var payload = Payload.random(file(), size);
    bed.settle();
    var publication = publish(payload, number);
    double mebibytes = Watch.mebibytes(size);
    if (upload) {
      stages.get(0).add(publication.parts());
      stages.get(1).add(publication.complete());
      stages.get(2).add(publication.verify());
      stages.get(3).add(publication.seal());
      double rate = mebibytes / publication.total();
      bed.settle();
      againstClient.add(rate, mebibytes / bed.store().uploadSeconds(payload));
      bed.settle();
      againstPut.add(rate, mebibytes / bed.store().putSeconds(payload));
    }
    if (verification) {
      bed.settle();
      double loop = Watch.seconds(() -> require(payload, Sha256Loop.digest(payload.file())));
      againstLoop.add(mebibytes / publication.job(), mebibytes / loop);
    }
  }

  private Publication publish(Payload payload, long step) throws Exception {
    var publication = Publication.publish(bed.api(), bed.http(), run, payload, step);
    // Behind Cairn's back: the registry lives no longer than the benchmark, the disk does.
    bed.store().delete(bed.database().storageKey(payload.sha256()));
    return publication;
  }

  private static void require(Payload payload, String digest) {
    if (!digest.equals(payload.sha256())) {
      throw new IllegalStateException("the file has changed");
    }
  }

  private java.nio.file.Path file() {
    return bed.folder().resolve("payload");
  }
}
