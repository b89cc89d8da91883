"""A file a command, named as the command; what several share begins with an underscore."""
