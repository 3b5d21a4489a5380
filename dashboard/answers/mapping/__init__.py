"""The mapping: every link from an indicator to SDG targets, principles, human-rights references and goals."""
