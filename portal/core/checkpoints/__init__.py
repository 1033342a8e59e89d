"""The tree over all editions, its signed checkpoints, and who witnessed them (C2SP tlog-tiles, -checkpoint, -cosignature)."""
