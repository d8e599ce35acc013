"""What immunoglobulin does to the immune system, as six actions that can be switched on and off, and compared."""
