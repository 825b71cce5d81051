"""The two asynchronous exports: of outbound messages, and of Intercom's own figures (API notes 10).

Nothing of it is made before somebody asks: receipts follow from their number, so that a range of them costs what it
holds, however many there are.
"""
