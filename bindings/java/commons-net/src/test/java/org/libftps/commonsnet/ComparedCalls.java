package org.libftps.commonsnet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import org.apache.commons.net.ProtocolCommandEvent;
import org.apache.commons.net.ProtocolCommandListener;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.ftp.parser.DefaultFTPFileEntryParserFactory;
import org.apache.commons.net.io.CopyStreamAdapter;
import org.apache.commons.net.util.TrustManagerUtils;
import org.libftps.testing.TestServer;

/**
 * The calls of Spring Integration, Camel and VFS. {@code CallersTest} finds out whether one is
 * missing, {@code ComparisonTest} runs them.
 */
final class ComparedCalls {
  private static final int SECONDS_20 = 20_000;

  private final Transcript transcript;

  ComparedCalls(Transcript transcript) {
    this.transcript = transcript;
  }

  /** What is set before the client connects, and can be read. */
  ComparedCalls settings(KeyManager keyManager) {
    trustingAll();
    transcript.run("setKeyManager", client -> client.setKeyManager(keyManager));
    transcript.run("setNeedClientAuth", client -> client.setNeedClientAuth(false));
    transcript.run("setWantClientAuth", client -> client.setWantClientAuth(false));
    transcript.run("setEnabledSessionCreation", client -> client.setEnabledSessionCreation(true));
    transcript.run("setUseClientMode", client -> client.setUseClientMode(true));
    transcript.run("setAuthValue", client -> client.setAuthValue("TLS"));
    transcript.run("setDefaultTimeout", client -> client.setDefaultTimeout(SECONDS_20));
    transcript.run("setConnectTimeout", client -> client.setConnectTimeout(SECONDS_20));
    transcript.call("getConnectTimeout", FTPSClient::getConnectTimeout);
    transcript.run("setDataTimeout", client -> client.setDataTimeout(Duration.ofSeconds(20)));
    transcript.run(
        "setControlKeepAliveTimeout", client -> client.setControlKeepAliveTimeout(Duration.ZERO));
    transcript.run(
        "setControlKeepAliveReplyTimeout",
        client -> client.setControlKeepAliveReplyTimeout(Duration.ofSeconds(2)));
    transcript.run("setControlEncoding", client -> client.setControlEncoding("UTF-8"));
    transcript.run("setAutodetectUTF8", client -> client.setAutodetectUTF8(true));
    transcript.run("setBufferSize", client -> client.setBufferSize(8192));
    transcript.call("getBufferSize", FTPSClient::getBufferSize);
    transcript.call("getReceiveDataSocketBufferSize", FTPSClient::getReceiveDataSocketBufferSize);
    transcript.call("getSendDataSocketBufferSize", FTPSClient::getSendDataSocketBufferSize);
    transcript.run(
        "setRemoteVerificationEnabled", client -> client.setRemoteVerificationEnabled(true));
    transcript.run(
        "setParserFactory",
        client -> client.setParserFactory(new DefaultFTPFileEntryParserFactory()));
    transcript.run(
        "configure", client -> client.configure(new FTPClientConfig(FTPClientConfig.SYST_UNIX)));
    transcript.run(
        "setCopyStreamListener", client -> client.setCopyStreamListener(new CopyStreamAdapter()));
    transcript.call(
        "getCopyStreamListener",
        client -> client.getCopyStreamListener() instanceof CopyStreamAdapter);
    transcript.call("isConnected", FTPSClient::isConnected);
    return this;
  }

  Transcript transcript() {
    return transcript;
  }

  ComparedCalls trustingAll() {
    transcript.run(
        "setTrustManager",
        client -> client.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager()));
    return this;
  }

  /** The stock client has no active mode with a proxy, even with this one. */
  ComparedCalls withoutProxy() {
    transcript.run("setProxy", client -> client.setProxy(Proxy.NO_PROXY));
    return this;
  }

  /** One TLS version and the suites of both. */
  ComparedCalls tlsVersion(String protocol) {
    transcript.run(
        "setEnabledProtocols", client -> client.setEnabledProtocols(new String[] {protocol}));
    transcript.run(
        "setEnabledCipherSuites",
        client ->
            client.setEnabledCipherSuites(
                new String[] {
                  "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
                }));
    return this;
  }

  ComparedCalls connecting(TestServer server) {
    transcript.run("connect", client -> client.connect(server.host(), server.port()));
    transcript.call("isConnected", FTPSClient::isConnected);
    transcript.call("getRemoteAddress", FTPSClient::getRemoteAddress);
    transcript.call("getRemotePort", client -> client.getRemotePort() == server.port());
    transcript.call("getDataConnectionMode", FTPSClient::getDataConnectionMode);
    transcript.run("setSoTimeout", client -> client.setSoTimeout(SECONDS_20));
    return this;
  }

  ComparedCalls loggingIn(TestServer server) {
    transcript.call("login refused", client -> client.login(server.user(), "wrong"));
    transcript.call("login", client -> client.login(server.user(), server.password()));
    transcript.run("execPBSZ", client -> client.execPBSZ(0));
    transcript.run("execPROT", client -> client.execPROT("P"));
    transcript.call("setFileType", client -> client.setFileType(FTP.BINARY_FILE_TYPE));
    return this;
  }

  ComparedCalls loggingInWithAccount(TestServer server) {
    transcript.call(
        "login without account", client -> client.login(server.user(), server.password()));
    transcript.call("account", client -> client.getReplyCode());
    transcript.call(
        "login with account", client -> client.login(server.user(), server.password(), "sales"));
    return this;
  }

  ComparedCalls passive() {
    transcript.run("enterLocalPassiveMode", FTPSClient::enterLocalPassiveMode);
    transcript.call("getDataConnectionMode", FTPSClient::getDataConnectionMode);
    return this;
  }

  ComparedCalls active() {
    transcript.run("enterLocalActiveMode", FTPSClient::enterLocalActiveMode);
    transcript.call("getDataConnectionMode", FTPSClient::getDataConnectionMode);
    transcript.run("setActivePortRange", client -> client.setActivePortRange(10_000, 30_000));
    return this;
  }

  ComparedCalls mode(String name) {
    return name.equals("active") ? active() : passive();
  }

  ComparedCalls directories() {
    transcript.call("printWorkingDirectory", FTPSClient::printWorkingDirectory);
    transcript.call("makeDirectory", client -> client.makeDirectory("dir"));
    transcript.call("makeDirectory again", client -> client.makeDirectory("dir"));
    transcript.call("changeWorkingDirectory", client -> client.changeWorkingDirectory("dir"));
    transcript.call("there", FTPSClient::printWorkingDirectory);
    transcript.call(
        "changeWorkingDirectory to none", client -> client.changeWorkingDirectory("no"));
    transcript.call("makeDirectory below", client -> client.makeDirectory("/dir/below"));
    transcript.call("removeDirectory", client -> client.removeDirectory("/dir/below"));
    transcript.call("removeDirectory again", client -> client.removeDirectory("/dir/below"));
    transcript.call("changeToParentDirectory", FTPSClient::changeToParentDirectory);
    transcript.call("back", FTPSClient::printWorkingDirectory);
    return this;
  }

  ComparedCalls uploads() {
    transcript.call("storeFile", client -> client.storeFile("dir/a.csv", Clients.bytes("1;2\n")));
    transcript.call(
        "storeFile of nothing", client -> client.storeFile("dir/empty", Clients.bytes("")));
    transcript.call(
        "storeFile where no folder is", client -> client.storeFile("no/a", Clients.bytes("1")));
    transcript.call("appendFile", client -> client.appendFile("dir/a.csv", Clients.bytes("3;4\n")));
    transcript.call("appendFileStream", ComparedCalls::append);
    transcript.call("storeFileStream, written", client -> store(client, "dir/s.csv"));
    transcript.call("storeFileStream refused", client -> client.storeFileStream("no/a"));
    return this;
  }

  /** In the folder {@code listed}, which was there before. */
  ComparedCalls listings() {
    transcript.call("listFiles", client -> client.listFiles("listed"));
    transcript.call("listFiles of none", client -> client.listFiles("no"));
    transcript.call("listNames", client -> client.listNames("listed"));
    transcript.call("listNames of none", client -> client.listNames("no"));
    transcript.call("into the folder", client -> client.changeWorkingDirectory("listed"));
    transcript.call("listFiles of the folder", FTPSClient::listFiles);
    transcript.call("listNames of the folder", FTPSClient::listNames);
    transcript.call("getStatus", client -> client.getStatus("a.csv"));
    transcript.call("mdtmCalendar", client -> client.mdtmCalendar("a.csv").getTimeInMillis());
    transcript.call("mdtmCalendar of none", client -> client.mdtmCalendar("no"));
    transcript.call("out of the folder", FTPSClient::changeToParentDirectory);
    return this;
  }

  ComparedCalls downloads() {
    transcript.call("retrieveFile", client -> Clients.retrieve(client, "dir/a.csv"));
    transcript.call("retrieveFile of nothing", client -> Clients.retrieve(client, "dir/empty"));
    transcript.call("retrieveFile of none", client -> Clients.retrieve(client, "no"));
    transcript.call("retrieveFileStream", client -> retrieve(client, "dir/a.csv"));
    transcript.call("retrieveFileStream of none", client -> client.retrieveFileStream("no"));
    transcript.run("setRestartOffset", client -> client.setRestartOffset(4));
    transcript.call("retrieveFile from there", client -> Clients.retrieve(client, "dir/a.csv"));
    transcript.call("setFileType ASCII", client -> client.setFileType(FTP.ASCII_FILE_TYPE));
    transcript.call("retrieveFile in ASCII", client -> Clients.retrieve(client, "dir/a.csv"));
    transcript.call("setFileType binary", client -> client.setFileType(FTP.BINARY_FILE_TYPE));
    return this;
  }

  ComparedCalls commands() {
    List<String> heard = new ArrayList<>();
    transcript.run(
        "addProtocolCommandListener", client -> client.addProtocolCommandListener(into(heard)));
    transcript.call("noop", FTPSClient::noop);
    transcript.call("sendNoOp", FTPSClient::sendNoOp);
    transcript.call("heard", client -> heard);
    transcript.call("sendSiteCommand", client -> client.sendSiteCommand("NOTHING"));
    transcript.call("hasFeature", client -> client.hasFeature("MDTM"));
    transcript.call("hasFeature of none", client -> client.hasFeature("XYZZY"));
    transcript.call("rename", client -> client.rename("dir/a.csv", "dir/b.csv"));
    transcript.call("rename of none", client -> client.rename("dir/a.csv", "dir/c.csv"));
    transcript.call("deleteFile", client -> client.deleteFile("dir/b.csv"));
    transcript.call("deleteFile of none", client -> client.deleteFile("dir/b.csv"));
    transcript.call("getReplyCode", FTPSClient::getReplyCode);
    transcript.call("getReplyString", FTPSClient::getReplyString);
    return this;
  }

  ComparedCalls loggingOut() {
    transcript.call("logout", FTPSClient::logout);
    transcript.call("isConnected", FTPSClient::isConnected);
    return disconnecting();
  }

  ComparedCalls quitting() {
    transcript.call("quit", FTPSClient::quit);
    return disconnecting();
  }

  ComparedCalls disconnecting() {
    transcript.run("disconnect", FTPSClient::disconnect);
    transcript.call("isConnected", FTPSClient::isConnected);
    transcript.run("disconnect again", FTPSClient::disconnect);
    return this;
  }

  private static Object store(FTPSClient client, String name) throws IOException {
    return written(client.storeFileStream(name), client);
  }

  private static Object append(FTPSClient client) throws IOException {
    return written(client.appendFileStream("dir/a.csv"), client);
  }

  private static Object written(OutputStream stream, FTPSClient client) throws IOException {
    try (OutputStream out = stream) {
      out.write("5;6\n".getBytes(StandardCharsets.UTF_8));
    }
    return client.completePendingCommand();
  }

  private static Object retrieve(FTPSClient client, String name) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (InputStream in = client.retrieveFileStream(name)) {
      in.transferTo(content);
    }
    return client.completePendingCommand() + " " + content;
  }

  private static ProtocolCommandListener into(List<String> heard) {
    return new ProtocolCommandListener() {
      @Override
      public void protocolCommandSent(ProtocolCommandEvent event) {
        heard.add(event.getCommand() + " " + event.getMessage());
      }

      @Override
      public void protocolReplyReceived(ProtocolCommandEvent event) {
        heard.add(event.getReplyCode() + " " + event.getMessage());
      }
    };
  }
}
