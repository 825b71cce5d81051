"""What the pages say of all streams, made from the streams and their schemas.

    make pages

Each page has marks, in Markdown

    <!-- make pages: permissions -->
    <!-- /make pages -->

and what stands between two of them is made anew: `blocks.BLOCKS` names what there is to put there, and `links` is where
the links of a page lead (`links.py`). `docs/streams.dbml` has no marks, it is made whole. `unit_tests/test_pages.py`
fails when a page is stale.
"""
