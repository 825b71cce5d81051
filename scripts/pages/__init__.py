"""What the pages say of all streams, made from the streams and their schemas; and of the benchmarks, from their page.

    make pages

Each page has marks, in Markdown

    <!-- make pages: permissions -->
    <!-- /make pages -->

and what stands between two of them is made anew: `blocks.BLOCKS` names what there is to put there, and `links` is where
the links of a page lead (`links.py`). `docs/streams.dbml` and the pictures of the benchmarks have no marks, they are
made whole. `unit_tests/test_pages.py` fails when a page is stale.
"""
