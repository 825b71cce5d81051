"""The forms in which exports come, as settings name them (API notes 10.1)."""

ARCHIVES = ("zip", "tgz", "gzip", "csv")
NAMES = ("observed", "documented", "folder")
TIMES = ("seconds", "milliseconds", "text", "iso")
