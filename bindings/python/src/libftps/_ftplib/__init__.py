"""The parts of `libftps.ftplib`."""
