"""One way out for opinions: ``release`` collects, withholds, writes, tells; ``views`` is what pages show of it."""
