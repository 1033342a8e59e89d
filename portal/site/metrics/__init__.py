"""`/metrics` for Prometheus: what `portal.core.metering` counted, and how the house stands (`standing`)."""
