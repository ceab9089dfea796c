"""What people read of a release: the map page, the PRISMA diagram and the quality page, each a pure function of its tables."""
