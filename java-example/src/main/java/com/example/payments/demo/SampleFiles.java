package com.example.payments.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.core.io.Resource;

/** The payment files that come with the application. */
record SampleFiles(Resource... files) {
  void copyTo(Path folder) throws IOException {
    for (Resource file : files) {
      try (InputStream content = file.getInputStream()) {
        Files.copy(content, folder.resolve(file.getFilename()));
      }
    }
  }

  int number() {
    return files.length;
  }
}
