package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No method ever makes a Java socket. */
class SocketlessTest {
  @Test
  void everyMethodWorksWhereJavaCanMakeNoSocket() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(
        List.of(
            SocketGuard.property(),
            "-Dlibftps.root=" + System.getProperty("libftps.root"),
            "-cp",
            System.getProperty("java.class.path"),
            SocketlessSession.class.getName()));
    Process jvm =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jvm.waitFor(1, TimeUnit.MINUTES);
    int methods = Methods.all().size();
    assertEquals(
        List.of("content: content", "called: " + methods, "sockets: []"), output.lines().toList());
    assertEquals(0, jvm.exitValue());
  }
}
