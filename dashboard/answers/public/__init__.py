"""The shapes of the API, apart from those of pages: pages may change and programs go on."""
