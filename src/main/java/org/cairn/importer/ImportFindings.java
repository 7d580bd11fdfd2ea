package org.cairn.importer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.importer.ImportRepository.RunFault;
import org.cairn.run.FindingService;
import org.cairn.run.NewFinding;
import org.cairn.run.RunService;

/** What an import found, as findings of its runs. */
@ApplicationScoped
class ImportFindings {

  /** Faults that another import than the one that found them may mend. */
  private static final List<String> OF_PARENTS = List.of("dangling-parent", "wrong-parent-base");

  private final ImportRepository imports;
  private final ReleaseRows rows;
  private final RunService runs;
  private final FindingService findings;

  ImportFindings(
      ImportRepository imports, ReleaseRows rows, RunService runs, FindingService findings) {
    this.imports = imports;
    this.rows = rows;
    this.runs = runs;
    this.findings = findings;
  }

  /** Records what was found, and closes what these files had before and have no more. */
  void settle(ImportView current, Reading reading, List<RunFault> faults, Map<String, UUID> ids) {
    var found =
        faults.stream()
            .map(one -> List.of(one.run(), one.fault().kind(), one.fault().subject()))
            .collect(Collectors.toSet());
    for (var before : imports.before(current)) {
      var key = List.of(before.run(), before.fault().kind(), before.fault().subject());
      if (!found.contains(key)) {
        runs.find(current.project(), before.run())
            .ifPresent(
                run -> findings.fix(run.id(), before.fault().kind(), before.fault().subject()));
      }
    }
    // A newer listing may have the parent that a configuration names.
    reading
        .runs()
        .forEach((name, said) -> {
          var run = Objects.requireNonNull(ids.get(name));
          for (var listing : said.listings) {
            for (var kind : OF_PARENTS) {
              for (var subject : rows.openSubjects(run, kind, "listing " + listing.name() + " ")) {
                if (!found.contains(List.of(name, kind, subject))) {
                  findings.fix(run, kind, subject);
                }
              }
            }
          }
        });
    faults.stream()
        .collect(Collectors.groupingBy(RunFault::run, LinkedHashMap::new, Collectors.toList()))
        .forEach((name, own) ->
            findings.recordAll(
                Objects.requireNonNull(ids.get(name)),
                own.stream()
                    .map(one ->
                        new NewFinding(
                            null,
                            one.fault().kind(),
                            one.fault().subject(),
                            one.fault().evidence()))
                    .toList()));
  }
}
