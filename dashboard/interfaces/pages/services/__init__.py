"""Services and voices: who sends counts, one country."""
