"""ONNX classifiers, shipped or the user's own: what their files may hold, how they are run, what becomes of scores.

==============  ========================================================================================
``onnx_file``   what is in an ONNX file, read without running or opening anything
``declared``    what the user says of a classifier
``session``     ONNX Runtime under limits, on a GPU or a CPU
``inputs``      from a batch's rows to a model's inputs
``logit``       from a model's outputs to one rounded number a row
``classifiers`` all of them: rows of several batches together, and what becomes of them when a GPU is lost
``classified``  the detector that a classifier becomes: calibrated p-values, into the gates
==============  ========================================================================================
"""
