"""Floor 7: decisions in words: JSON, terminal and HTML, from one layout. Each answer is made by a module of its own."""
