"""From the words of an eligibility text to trees, one package a stage, each seeing only those before it.

words → lines → tokens → attested | names | limits → grammar; `requirement` runs one requirement through them in order.
"""
