"""Images that callers send with their words: what they hold beside what people see.

===============  ===========================================================================
``parts``        bytes of the images in a record
``container``    size, texts in metadata, and what stands behind the end, without decoding
``pixels``       grey values, within limits; needs Pillow
``scaling``      whether a model that scales the image down sees another one than people do
``reading``      all of it as columns of numbers
===============  ===========================================================================
"""
