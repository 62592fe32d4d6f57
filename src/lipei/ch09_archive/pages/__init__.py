"""Chapter 9 on screen: the volumes, their contents, their shelf."""
