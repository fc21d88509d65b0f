"""Join names: in go mentions, out come entities, whatever the script or form of their names."""
