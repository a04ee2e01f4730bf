"""Every door: the command line now, REST and pages later."""
