package com.example.payments.flow;

/** An application event: an attempt failed. Another will be made; nothing is lost. */
record FileFailure(String file, Throwable cause) {}
