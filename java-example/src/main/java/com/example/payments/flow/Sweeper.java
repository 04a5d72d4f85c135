package com.example.payments.flow;

import com.example.payments.Folders;
import com.example.payments.PaymentProperties;
import com.example.payments.conversion.Verdict;
import com.example.payments.ftps.RemoteFiles;
import com.example.payments.lease.Leases;
import java.util.Arrays;
import java.util.List;
import org.springframework.stereotype.Component;

/** Finds temporary files that nobody will rename any more: their instance died, or was too slow. */
@Component
class Sweeper {
  private final RemoteFiles files;
  private final Leases leases;
  private final Folders folders;

  Sweeper(RemoteFiles files, Leases leases, PaymentProperties properties) {
    this.files = files;
    this.leases = leases;
    folders = properties.folders();
  }

  /** Their paths. A lease is in the database before its temporary file is on the server. */
  List<String> orphans() {
    return Arrays.stream(Verdict.values())
        .map(folders::reports)
        .flatMap(
            folder ->
                files.list(folder).stream().filter(this::isOrphan).map(name -> folder + "/" + name))
        .toList();
  }

  private boolean isOrphan(String name) {
    return TemporaryName.parse(name).filter(lease -> !leases.isCurrent(lease)).isPresent();
  }

  void remove(String path) {
    files.removeIfThere(path);
  }
}
