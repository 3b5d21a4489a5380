"""When gathering is due, and who may gather."""
