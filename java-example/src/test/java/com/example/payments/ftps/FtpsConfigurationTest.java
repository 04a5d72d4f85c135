package com.example.payments.ftps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class FtpsConfigurationTest {
  private final ApplicationContextRunner cluster =
      new ApplicationContextRunner()
          .withInitializer(new ConfigDataApplicationContextInitializer())
          .withUserConfiguration(FtpsConfiguration.class)
          .withPropertyValues(
              "spring.profiles.active=cluster",
              "PAYMENTS_FTPS_HOST=ftps.example.com",
              "PAYMENTS_FTPS_USER=payments",
              "PAYMENTS_FTPS_PASSWORD=secret");

  @Test
  void withoutACertificateAuthorityTheJvmsAreTrusted() {
    cluster.run(
        context ->
            assertThat(context.getBean(FtpsAccount.class))
                .isEqualTo(new FtpsAccount("ftps.example.com", 21, "payments", "secret", null)));
  }

  @Test
  void aMissingCertificateAuthorityIsAnError() {
    cluster
        .withPropertyValues("PAYMENTS_FTPS_CA=file:/nowhere/ca.pem")
        .run(
            context ->
                assertThat(context.getStartupFailure()).hasStackTraceContaining("/nowhere/ca.pem"));
  }
}
