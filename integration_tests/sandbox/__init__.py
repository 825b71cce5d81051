"""The sandbox behaves as the API is known to behave, one test per behaviour."""
