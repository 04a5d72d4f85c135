package com.example.payments.flow;

/** An application event: an attempt failed. Another will be made; nothing is lost. */
public record FileFailure(String file, Throwable cause) {}
