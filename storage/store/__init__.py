"""Where an archive's files are: here while they are written, and elsewhere once their run is done, where the settings say so."""
