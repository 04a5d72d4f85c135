package com.example.payments.flow;

import com.example.payments.Folders;
import com.example.payments.PaymentProperties;
import com.example.payments.ftps.RemoteFiles;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Moves files from the inbox to the work folder, under names that no other file ever has.
 *
 * <p>From then on, no partner can replace a file while it is processed, and whatever an instance
 * does to a name, however late, it cannot mean another file.
 */
@Component
class Intake {
  private static final String ENDING = ".csv";

  private final RemoteFiles files;
  private final ApplicationEventPublisher events;
  private final Folders folders;
  private boolean foldersAreThere;

  Intake(RemoteFiles files, ApplicationEventPublisher events, PaymentProperties properties) {
    this.files = files;
    this.events = events;
    folders = properties.folders();
  }

  /** The names of the payment files in the inbox. Others are left alone: uploads under way. */
  List<String> arrived() {
    if (!foldersAreThere) {
      folders.all().forEach(files::makeFolderUnlessThere);
      foldersAreThere = true;
    }
    return files.list(folders.inbox()).stream().filter(name -> name.endsWith(ENDING)).toList();
  }

  void takeIn(String name) {
    String stem = name.substring(0, name.length() - ENDING.length());
    String unique = stem + "." + UUID.randomUUID().toString().substring(24) + ENDING;
    files.move(folders.inbox() + "/" + name, folders.working(unique));
    events.publishEvent(new FileProgress(unique, Step.TAKEN_IN, null));
  }
}
