package com.example.payments.demo;

import com.example.payments.PaymentProperties;
import com.example.payments.ftps.FtpsAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.util.FileSystemUtils;

/** Without a profile: a server of its own, with sample files in the inbox. */
@Configuration
@Profile("default")
class DemoConfiguration {
  @Bean
  EmbeddedServer embeddedServer(
      DemoProperties demo, PaymentProperties properties, SampleFiles samples) throws IOException {
    Path root = Path.of(demo.folder());
    FileSystemUtils.deleteRecursively(root);
    samples.copyTo(Files.createDirectories(below(root, properties.folders().inbox())));
    return new EmbeddedServer(Path.of(demo.server()), root);
  }

  @Bean
  SampleFiles sampleFiles(ResourcePatternResolver resources) throws IOException {
    return new SampleFiles(resources.getResources("classpath:samples/*.csv"));
  }

  @Bean
  FtpsAccount account(EmbeddedServer server) {
    return server.account();
  }

  private static Path below(Path root, String folder) {
    return root.resolve(folder.substring(1));
  }
}
