package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

  @TempDir Path temporary;

  @Test
  void isMadeForItsOwnerOnly() throws IOException {
    var folder = DataFolder.open(temporary.resolve("some/where"));
    assertThat(folder.root()).isDirectory();
    assertThat(Files.getPosixFilePermissions(folder.root()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(folder.isInitialized()).isFalse();
  }

  @Test
  void anEmptyFolderAndOneOfItsOwnWillDo() throws IOException {
    var empty = Files.createDirectory(temporary.resolve("empty"));
    var folder = DataFolder.open(empty);
    Files.createFile(folder.lock());
    Files.createFile(empty.resolve("something"));
    assertThat(DataFolder.open(empty)).isEqualTo(folder);
  }

  @Test
  void refusesAFolderWithOtherThingsInIt() throws IOException {
    Files.createFile(temporary.resolve("thesis.tex"));
    refuses(temporary, "has files in it that are not Cairn's");
  }

  @Test
  void refusesAFile() throws IOException {
    var file = Files.createFile(temporary.resolve("file"));
    refuses(file, "is not a folder");
    refuses(file.resolve("below"), "is not a folder");
  }

  @Test
  void refusesNamesThatAShellWouldExpand() {
    refuses(temporary.resolve("$HOME"), "cannot handle quotes");
  }

  @Test
  void refusesADatabaseWithoutItsPasswords() throws IOException {
    Files.createFile(temporary.resolve("cairn.lock"));
    Files.createDirectory(temporary.resolve("postgres"));
    Files.createFile(temporary.resolve("postgres/PG_VERSION"));
    refuses(temporary, "credentials.properties is gone");
  }

  @Test
  void keepsItsSecrets() throws IOException {
    var folder = DataFolder.open(temporary.resolve("data"));
    var credentials = Credentials.readOrCreate(folder.credentials());
    assertThat(Credentials.readOrCreate(folder.credentials())).isEqualTo(credentials);
    assertThat(credentials.secretKey()).hasSize(40).isNotEqualTo(credentials.databasePassword());
    assertThat(credentials.toString()).doesNotContain(credentials.secretKey());
    assertThat(Files.getPosixFilePermissions(folder.credentials()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  private static void refuses(Path path, String reason) {
    assertThatThrownBy(() -> DataFolder.open(path))
        .isInstanceOfSatisfying(
            StartFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(StartFailure.DATA_FOLDER))
        .hasMessageStartingWith("Cannot use the data folder ")
        .hasMessageContaining(reason);
  }
}
