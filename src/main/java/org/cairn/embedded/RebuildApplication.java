package org.cairn.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import java.util.List;
import org.cairn.embedded.CatalogueRebuild.RefusedException;
import org.cairn.embedded.CatalogueRebuild.Report;

/** What {@code cairn rebuild} runs instead of the server. */
@Singleton
@Unremovable
final class RebuildApplication implements QuarkusApplication {

  private static final List<String> NOT_KEPT =
      List.of("drafts", "unfinished uploads", "access tokens", "jobs");

  /** Lines that a person reads; all of them are in the JSON report. */
  private static final int SHOWN = 100;

  private final CatalogueRebuild rebuild;
  private final ObjectMapper json;

  RebuildApplication(CatalogueRebuild rebuild, ObjectMapper json) {
    this.rebuild = rebuild;
    this.json = json;
  }

  /**
   * @param arguments {@code json} where the report is to be JSON
   */
  @Override
  public int run(String... arguments) throws InterruptedException, JsonProcessingException {
    try {
      var report = rebuild.run(System.err::println);
      if (List.of(arguments).contains("json")) {
        var object = json.createObjectNode();
        object.set("counts", json.valueToTree(report.counts()));
        object.set("lost", json.valueToTree(report.lost()));
        object.set("notKeptInTheBucket", json.valueToTree(NOT_KEPT));
        System.out.println(json.writeValueAsString(object));
      } else {
        print(report);
      }
      return report.lost().isEmpty() ? 0 : StartFailure.LOST;
    } catch (RefusedException e) {
      System.err.println("cairn: " + e.getMessage());
      return StartFailure.NOT_EMPTY;
    }
  }

  private static void print(Report report) {
    System.out.println("The catalogue was made again from the bucket:");
    report
        .counts()
        .forEach(
            (kind, count) -> System.out.printf("  %,12d  %s%n", count, kind.replace('_', ' ')));
    System.out.println("Not kept in the bucket: " + String.join(", ", NOT_KEPT) + ".");
    if (!report.lost().isEmpty()) {
      System.out.printf("Could not be brought back: %,d%n", report.lost().size());
      report.lost().stream()
          .limit(SHOWN)
          .forEach(lost -> System.out.println("  " + lost.what() + ": " + lost.reason()));
      if (report.lost().size() > SHOWN) {
        System.out.println("  ... (all of them with --json)");
      }
    }
  }
}
