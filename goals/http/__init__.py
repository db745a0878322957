"""What the pages of strategies parse."""
