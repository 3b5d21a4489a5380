"""UN DESA: E-Government Survey, the E-Government Development Index and its parts."""
