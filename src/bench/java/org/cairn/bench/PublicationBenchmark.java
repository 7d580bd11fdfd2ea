package org.cairn.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * From a file that the registry does not know to a sealed checkpoint: the upload in parts, the
 * service's own hashing of every byte, the registration. Two floors for the whole: the MinIO
 * client's multipart upload of the same file to the same server, with parts of the same size and as
 * many at once; and one presigned PUT. For the verification alone, which has the store put the
 * parts together and then reads and hashes the object: a SHA-256 loop over the file in the page
 * cache, and the same loop over the object as the store delivers it.
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
  private final Comparison hashingAgainstLoop;
  private final Comparison hashingAgainstStore;
  private final Figure assembling;
  private final Effort effort;
  private final Effort clientEffort;
  private final Effort putEffort;
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
    var client = "MinIO client's multipart upload";
    var put = "one presigned PUT to the store";
    this.againstClient = report.comparison("upload to sealed", client, "MiB/s", 0.8);
    this.againstPut = report.comparison("upload to sealed", put, "MiB/s");
    var loop = "SHA-256 of the file";
    var object = "GET from the store and SHA-256 of that";
    this.againstLoop = report.comparison("verification", loop, "MiB/s", 0.9);
    this.hashingAgainstLoop =
        report.comparison("verification after the store's part", loop, "MiB/s", 0.9);
    this.hashingAgainstStore =
        report.comparison("verification after the store's part", object, "MiB/s");
    this.assembling = report.figure("verification: the store puts the parts together", "s");
    this.effort = report.effort("upload to sealed", size);
    this.clientEffort = report.effort(client, size);
    this.putEffort = report.effort(put, size);
    this.stages =
        List.of(
            report.figure("upload: sending the parts", "s"),
            report.figure("upload: until completion was accepted", "s"),
            report.figure("upload: verification and waiting for it", "s"),
            report.figure("upload: registering and sealing", "s"));
  }

  @Override
  public void prepare() throws Exception {
    run = bed.newRun("publications");
    var payload = Payload.random(file(), Math.min(WARM_UP, size));
    var _ = Publication.publish(bed.api(), bed.http(), run, payload, 0);
    if (upload) {
      var _ = bed.store().upload(bed.meter(), payload);
      var _ = bed.store().put(bed.meter(), payload);
    }
    var _ = hashFile(payload);
    var _ = hashObject(payload);
    deleteObject(payload);
  }

  @Override
  public void round(int number) throws Exception {
    var payload = Payload.random(file(), size);
    bed.settle();
    var before = bed.verificationTimes();
    var publications = new ArrayList<Publication>();
    double rate =
        effort.add(
            bed.meter()
                .measure(() ->
                    publications.add(
                        Publication.publish(bed.api(), bed.http(), run, payload, number))));
    var publication = publications.getFirst();
    stages.get(0).add(publication.parts());
    stages.get(1).add(publication.complete());
    stages.get(2).add(publication.verify());
    stages.get(3).add(publication.seal());
    if (verification) {
      var times = bed.verificationTimes().since(before);
      assembling.add(times.assembling());
      double hashed = Watch.mebibytes(size) / times.hashing();
      bed.settle();
      double loop = hashFile(payload);
      againstLoop.add(Watch.mebibytes(size) / publication.job(), loop);
      hashingAgainstLoop.add(hashed, loop);
      hashingAgainstStore.add(hashed, hashObject(payload));
    }
    deleteObject(payload);
    if (upload) {
      bed.settle();
      againstClient.add(rate, clientEffort.add(bed.store().upload(bed.meter(), payload)));
      bed.settle();
      againstPut.add(rate, putEffort.add(bed.store().put(bed.meter(), payload)));
    }
  }

  private double hashFile(Payload payload) throws Exception {
    return bed.meter()
        .measure(() -> require(payload, Sha256Loop.digest(payload.file())))
        .rate(payload.size());
  }

  private double hashObject(Payload payload) throws Exception {
    var object = bed.store().presignedGet(bed.database().storageKey(payload.sha256()));
    return bed.meter()
        .measure(() -> require(payload, Sha256Loop.digest(object)))
        .rate(payload.size());
  }

  /** Behind Cairn's back: the registry lives no longer than the benchmark, the disk does. */
  private void deleteObject(Payload payload) throws Exception {
    bed.store().delete(bed.database().storageKey(payload.sha256()));
  }

  private static void require(Payload payload, String digest) {
    if (!digest.equals(payload.sha256())) {
      throw new IllegalStateException("the bytes have changed");
    }
  }

  private Path file() {
    return bed.folder().resolve("payload");
  }
}
