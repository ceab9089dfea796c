"""The declared tables by subject: what is logged, staged, told in marts, and said of a release."""
