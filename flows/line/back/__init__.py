"""Back in time: older parts of feeds, lists of addresses, sitemaps, web archives."""
