"""What is printed of a day or a topic: pages, feeds and mails, and the charts on them."""
