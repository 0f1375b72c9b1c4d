"""Reports on a district's official social-media accounts."""
