"""Running the product: prepare, serve, supervise, back up, restore and diagnose an installation."""
