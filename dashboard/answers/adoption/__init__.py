"""Who has adopted the model, by which counting rule, since when and according to whom."""
