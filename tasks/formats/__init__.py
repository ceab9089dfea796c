"""Pure codecs: bytes of an export file to references, and back. Any stage may import them; they import no stage."""
