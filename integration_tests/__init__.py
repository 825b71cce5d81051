"""The installed connector as a process, against the sandbox."""
