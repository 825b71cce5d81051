"""The pictures of the documentation, drawn from the pages that they show by `make pictures`.

What can be read in a picture is kept beside it: pictures differ from machine to machine, by fonts for one, and words do
not. `test_pictures.py` fails when a page says something else than its picture.
"""
