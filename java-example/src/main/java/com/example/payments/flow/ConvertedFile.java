package com.example.payments.flow;

import com.example.payments.conversion.Conversion;
import com.example.payments.lease.Lease;

/** A claimed file and what came out of it. */
record ConvertedFile(Lease lease, Conversion conversion) {}
