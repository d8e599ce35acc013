"""Floor 4: immunoglobulin over time: published models, recycling by FcRn, people, levels and mechanism."""
