package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.ListingOptions.Command;
import org.libftps.ListingOptions.Format;
import org.libftps.testing.TestServer;

class ListingsTest {
  private static final String VMS =
      "A.TXT;1  9/9   2-JUN-1998 07:32:04  [GROUP,OWNER]    (RWED,RWED,RWED,RE)\r\n";

  @TempDir private Path folder;

  private TestServer serverThatLists(String lines, String... options) throws Exception {
    Path file = folder.resolve("listing");
    Files.write(file, lines.getBytes(StandardCharsets.ISO_8859_1));
    List<String> all = new ArrayList<>(List.of("--raw-listing", file.toString()));
    all.addAll(List.of(options));
    return TestServer.strict(all.toArray(new String[0]));
  }

  @Test
  void everythingThatMlsdTellsIsThere() throws Exception {
    String line =
        "Type=OS.unix=slink:/target;Size=5000000000;Modify=20010909014640.5;UNIX.mode=0644;"
            + "UNIX.owner=joe;UNIX.group=staff;Unique=AB12;  name \r\n";
    try (TestServer server = serverThatLists(line + "not an entry\r\n");
        FtpsClient client = Clients.login(server)) {
      FtpsListing listing = client.list("");
      assertEquals(List.of("not an entry"), listing.unparsed());
      FtpsEntry entry = listing.entries().get(0);
      assertEquals(" name ", entry.name());
      assertEquals(FtpsEntry.Kind.SYMLINK, entry.kind());
      assertEquals(Optional.of("/target"), entry.linkTarget());
      assertEquals(OptionalLong.of(5000000000L), entry.size());
      FtpsTimestamp modified = entry.modified().get();
      assertEquals(Instant.parse("2001-09-09T01:46:40.5Z"), modified.instant());
      assertEquals(FtpsTimestamp.Precision.SUBSECOND, modified.precision());
      assertTrue(modified.isUtc());
      assertEquals(Optional.of("joe"), entry.owner());
      assertEquals(Optional.of("staff"), entry.group());
      assertEquals(Optional.of("0644"), entry.permissions());
      assertEquals(Optional.of("AB12"), entry.unique());
      assertEquals("AB12", entry.facts().get("unique"));
      assertArrayEquals(line.trim().concat(" ").getBytes(StandardCharsets.US_ASCII), entry.raw());
    }
  }

  @Test
  void commandFormatAndArgumentsCanBeChosen() throws Exception {
    Recorder recorder = new Recorder();
    ListingOptions vms = new ListingOptions().command(Command.LIST).format(Format.VMS);
    try (TestServer server = serverThatLists(VMS, "--sample-files");
        FtpsClient client =
            Clients.login(
                server,
                Clients.builder(server).dialogueListener(recorder).listing(vms.arguments("-a")))) {
      FtpsEntry entry = client.list("folder").entries().get(0);
      assertEquals("A.TXT;1", entry.name());
      assertEquals(Optional.of("RWED,RWED,RWED,RE"), entry.permissions());
      assertFalse(entry.modified().get().isUtc());
      client.setListing(new ListingOptions().command(Command.LIST));
      assertEquals(1, client.list("folder").entries().size());
      for (Format format : Format.values()) {
        client.setListing(vms.format(format));
        FtpsListing listing = client.list("folder");
        assertEquals(1, listing.entries().size() + listing.unparsed().size(), format.name());
      }
      List<String> sent =
          recorder.sent().stream()
              .filter(s -> s.matches("LIST .*|MLSD .*|SYST"))
              .collect(Collectors.toList());
      assertEquals(List.of("LIST -a folder", "SYST", "LIST folder"), sent.subList(0, 3));
      assertFails(
          "invalid-argument",
          () -> client.setListing(new ListingOptions().arguments("-a\r\nDELE x")));
    }
  }

  @Test
  void yearsThatAreLeftOutAreThoseOfTheServersClock() throws Exception {
    try (TestServer server = serverThatLists("-rw-r--r-- 1 a b 1 Jan 20 12:00 x\r\n");
        FtpsClient client = Clients.login(server)) {
      ListingOptions unix = new ListingOptions().format(Format.UNIX);
      client.setListing(unix);
      int year = yearOfTheOnlyEntry(client);
      client.setListing(unix.serverClock(Duration.ofDays(-10 * 366)));
      int behind = year - yearOfTheOnlyEntry(client);
      assertTrue(behind == 10 || behind == 11, () -> behind + " years");
    }
  }

  private static int yearOfTheOnlyEntry(FtpsClient client) throws Exception {
    FtpsEntry entry = client.list("").entries().get(0);
    return entry.modified().get().instant().atZone(ZoneOffset.UTC).getYear();
  }

  @Test
  void aPathThatLooksLikeOptionsIsNotTakenForThem() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      client.makeDirectory("-la");
      client.upload("-la/inside").close();
      assertEquals(List.of("inside"), client.names("-la"));
      client.setListing(new ListingOptions().command(Command.LIST));
      assertEquals("inside", client.list("-la").entries().get(0).name());
    }
  }

  @Test
  void oneEntryIsFoundWithoutMlst() throws Exception {
    try (TestServer server =
            TestServer.strict(
                "--sample-files",
                "--answer",
                "MLSD=500 Unknown.",
                "--answer",
                "MLST=500 Unknown.");
        FtpsClient client = Clients.login(server)) {
      assertEquals(OptionalLong.of(30), client.entry("/hello.txt").size());
      FtpsException missing = assertFails("refused", () -> client.entry("/missing"));
      assertEquals(0, missing.replyCode());
      assertFails("invalid-argument", () -> client.entry("/"));
    }
  }

  @Test
  void aNameThatIsNotValidInTheCharacterSetMakesTheRoundTrip() throws Exception {
    try (TestServer server = TestServer.strict("--latin1");
        FtpsClient latin1 =
            Clients.login(server, Clients.builder(server).charset(StandardCharsets.ISO_8859_1));
        FtpsClient utf8 = Clients.login(server)) {
      latin1.upload("größe").close();
      String name =
          utf8.list("").entries().stream().filter(FtpsEntry::isFile).findFirst().get().name();
      assertEquals("gr\udcf6\udcdfe", name);
      assertEquals(0, utf8.size(name));
      utf8.rename(name, name + "2");
      assertEquals(0, latin1.size("größe2"));
      utf8.delete(name + "2");
      assertFails("refused", () -> latin1.size("größe2"));
    }
  }
}
