"""`python main.py spec|check|discover|catalog|read`: the same as the console script `source-intercom`."""

from source_intercom.run import run

if __name__ == "__main__":
    run()
