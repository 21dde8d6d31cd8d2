"""What only the site can attest, and circumstances that no medical record keeps."""
