"""Our World in Data: figures of a chart with the producer and licence its metadata name."""
