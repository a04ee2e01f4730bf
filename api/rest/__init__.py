"""The service: the same questions over HTTP, `/v1`."""
