"""The pages: server-rendered, Chinese first, whole without JavaScript."""
