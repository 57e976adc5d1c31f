"""Adversarial-input classifiers for a user's own model: attack it, learn what the attacks look like, measure that.

==============  ==========================================================================================
``operators``   ONNX operators as JAX functions, so that gradients come for free
``graph``       an ONNX graph as a function of its inputs and of its weights
``victim``      the user's model: logits and their gradients, directly or through a copy that it taught
``data``        honest inputs: their bounds, spreads and grids
``gradient``    attacks that follow gradients, one of them against the detector too
``black_box``   attacks that only ask
``benign``      what happens to honest inputs: noise, blur, rounding, missing values
``network``     the detector as an ONNX graph: residuals, an autoencoder's error, the victim's answer
``fitting``     autoencoder and detector fitted by Adam
``words``       the same for text: words are replaced, misspelt, inserted
``card``        what was measured, as a page
==============  ==========================================================================================
"""
