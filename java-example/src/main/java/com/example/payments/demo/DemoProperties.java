package com.example.payments.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Paths are strings: Spring would take relative ones for the web application's.
 *
 * @param server the strict server's program
 * @param folder what the server serves; is emptied at the start
 * @param stopWhenDone whether the application ends when the sample files are done
 */
@ConfigurationProperties("payments.demo")
public record DemoProperties(
    @DefaultValue("../target/release/strict-server") String server,
    @DefaultValue("target/demo") String folder,
    @DefaultValue("false") boolean stopWhenDone) {}
