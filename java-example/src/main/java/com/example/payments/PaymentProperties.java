package com.example.payments;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param instance how this instance is called in the database; must be another one in each
 * @param pollInterval how often the server is asked for files
 * @param lease how long a file belongs to an instance that has stopped renewing its claim
 * @param folders where the files are on the server
 */
@ConfigurationProperties("payments")
public record PaymentProperties(
    String instance,
    @DefaultValue("1s") Duration pollInterval,
    @DefaultValue("30s") Duration lease,
    @DefaultValue Folders folders) {}
