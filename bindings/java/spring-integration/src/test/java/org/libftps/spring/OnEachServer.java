package org.libftps.spring;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that run on each of {@link Servers}, each with an application of its own. */
@ParameterizedClass
@EnumSource
abstract class OnEachServer {
  @TempDir Path folder;
  @Parameter Servers server;
  Application application;

  @BeforeEach
  void start() throws Exception {
    application = Application.on(server);
  }

  @AfterEach
  void stop() throws Exception {
    application.close();
  }
}
