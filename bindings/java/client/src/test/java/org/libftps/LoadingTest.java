package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

/** How the native library gets into a JVM, and what is said when it does not. */
class LoadingTest {
  @TempDir Path temporary;

  @Test
  void aRelocatedCopyOfTheClassesHasALibraryOfItsOwn() throws Exception {
    Path relocated = temporary.resolve("relocated");
    new Relocation("com/example/shaded/ftps/").copy(Programs.classes(), relocated);
    URL[] urls = {relocated.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, Programs.platformLoader());
        TestServer server = TestServer.strict()) {
      Class<?> client = loader.loadClass("com.example.shaded.ftps.FtpsClient");
      // The original is there too, and works.
      Clients.login(server).close();
      Programs.list(client, server);
      assertEquals(2, server.stop().get("logins"));
    }
  }

  @Test
  void theLibraryComesOutOfAJarInsideAJar() throws Exception {
    ClassLoader loader = new NestedJarLoader(Programs.classes());
    Class<?> client = loader.loadClass(FtpsClient.class.getName());
    assertNotSame(FtpsClient.class, client);
    assertEquals("nested", client.getResource("FtpsClient.class").getProtocol());
    try (TestServer server = TestServer.strict()) {
      Programs.list(client, server);
    }
  }

  @Test
  void theManifestOfTheStartedJarAllowsNativeAccess() throws Exception {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Connect.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Programs.classes().toUri() + " " + Programs.testClasses().toUri());
    attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
    Path jar = temporary.resolve("application.jar");
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    // Nothing is there, so the client is refused: by the network, not by the JVM, which says
    // nothing.
    ChildJvm jvm = ChildJvm.runJar(temporary, jar);
    assertTrue(jvm.output.startsWith("connect: "), jvm.output);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_24)
  void onTheModulePathTheModuleIsAllowedNativeAccess() throws Exception {
    Path program = temporary.resolve("Program.java");
    Files.writeString(
        program,
        "class Program {"
            + "  public static void main(String[] arguments) throws Exception {"
            + "    try {"
            + "      org.libftps.FtpsClient.builder(\"127.0.0.1\").port(1).connect();"
            + "    } catch (org.libftps.FtpsException e) {"
            + "      System.out.println(e.kind());"
            + "    }"
            + "  }"
            + "}");
    List<String> options = new ArrayList<>(List.of("--add-modules", "org.libftps"));
    options.addAll(List.of("-p", Programs.classes().toString()));
    options.add("--enable-native-access=org.libftps");
    ChildJvm jvm = ChildJvm.runModular(temporary, options, program);
    assertEquals("connect\n", jvm.output);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_24)
  void deniedNativeAccessIsExplained() throws Exception {
    assertFailsWith("start it with --enable-native-access=ALL-UNNAMED", ChildJvm.DENIED);
  }

  @Test
  void aPlatformWithoutALibraryIsNamed() throws Exception {
    assertFailsWith(
        "There is no native library for linux-unheard-of-gnu in this jar", "-Dos.arch=unheard-of");
    assertFailsWith("There is no native library for plan_9-x86_64", "-Dos.name=Plan 9");
  }

  @Test
  void aLibraryThatIsNoneIsNamed() throws Exception {
    Path file = Files.write(temporary.resolve("library"), new byte[100]);
    assertFailsWith("cannot be loaded", "-Dorg.libftps.library.path=" + file);
  }

  @Test
  void aLibraryThatIsNotThereIsNamed() throws Exception {
    assertFailsWith("/nowhere", "-Dorg.libftps.library.path=/nowhere");
  }

  @Test
  void aLibraryOfAnotherVersionIsRefusedByBothNames() throws Exception {
    String ours = NativeLibrary.VERSION;
    Relocation renumbering =
        new Relocation("org/libftps/") {
          @Override
          public Object mapValue(Object value) {
            return value instanceof String ? ((String) value).replace(ours, "99.0.0") : value;
          }
        };
    Path jar = temporary.resolve("other");
    renumbering.copy(Programs.classes(), jar);
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {jar.toUri().toURL()}, Programs.platformLoader());
        TestServer server = TestServer.strict()) {
      Class<?> client = loader.loadClass(FtpsClient.class.getName());
      Throwable failure =
          assertThrows(InvocationTargetException.class, () -> Programs.list(client, server));
      assertEquals(
          "The native library is libftps " + ours + ", but this jar needs libftps 99.0.0.",
          failure.getCause().getMessage().replaceAll(".*: The", "The"));
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenToIsNamed() throws Exception {
    assertFailsWith(
        "cannot be unpacked into /proc/nowhere. Set -Dorg.libftps.tmpdir",
        "-Dorg.libftps.tmpdir=/proc/nowhere");
  }

  @Test
  void aDirectoryThatIsMountedNoexecIsExplained() throws Exception {
    ChildJvm jvm = ChildJvm.runOnNoexec(temporary, Connect.class);
    assertTrue(jvm.output.contains("is mounted noexec"), jvm.output);
    assertTrue(jvm.output.contains("set -Dorg.libftps.tmpdir"), jvm.output);
    Path elsewhere = Files.createTempDirectory("libftps-test-");
    try {
      String option = "-Dorg.libftps.tmpdir=" + elsewhere;
      jvm = ChildJvm.runOnNoexec(temporary, Connect.class, option);
      assertTrue(jvm.output.startsWith("connect: "), jvm.output);
    } finally {
      Files.delete(elsewhere);
    }
  }

  private void assertFailsWith(String message, String... options) throws Exception {
    ChildJvm jvm = ChildJvm.run(temporary, List.of(options), Connect.class);
    assertEquals(0, jvm.exitCode, jvm.output);
    assertTrue(jvm.output.contains("library: "), jvm.output);
    assertTrue(jvm.output.contains(message), jvm.output);
  }

  /** Prints why a client cannot be had, the second time too, and looks for what is left behind. */
  static final class Connect {
    private Connect() {}

    public static void main(String[] arguments) throws Exception {
      String first = attempt();
      if (!first.equals(attempt())) {
        throw new AssertionError("the second attempt fails for another reason");
      }
      System.out.println(first);
      Path unpacked = Path.of(System.getProperty("java.io.tmpdir"));
      try (Stream<Path> left = Files.list(unpacked)) {
        if (left.anyMatch(file -> file.getFileName().toString().startsWith("libftps"))) {
          throw new AssertionError("something is left behind in " + unpacked);
        }
      }
    }

    /** Nobody listens on port 1. */
    private static String attempt() throws Exception {
      try {
        FtpsClient.builder("127.0.0.1").port(1).connect();
        return "connected";
      } catch (FtpsException e) {
        return e.kind() + ": " + e.getMessage();
      }
    }
  }
}
