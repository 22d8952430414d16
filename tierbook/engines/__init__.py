"""What makes images: one engine a file, discovered by listing this folder."""
