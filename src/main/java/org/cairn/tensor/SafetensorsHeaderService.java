package org.cairn.tensor;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** The beginnings of safetensors files, as they are in the files. */
@ApplicationScoped
public class SafetensorsHeaderService {

  private final Sql sql;

  SafetensorsHeaderService(Sql sql) {
    this.sql = sql;
  }

  /**
   * The first bytes of a safetensors file: the length of its header, and the header.
   *
   * @return empty where the file is not one, or they were not kept
   */
  @Transactional
  public Optional<byte[]> header(Sha256 file) {
    return sql
        .query(
            """
            select h.bytes from safetensors s join safetensors_header h on h.sha256 = s.header_sha256
            where s.sha256 = ?
            """,
            List.of(file.hex()),
            r -> r.getBytes(1))
        .stream()
        .findFirst();
  }
}
