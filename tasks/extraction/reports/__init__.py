"""Which reports are of one study: what people said, who may be asked, and what follows from it."""
