"""Multiple systems estimation: how many people does no register see.

Several lists, some people on more than one. Every family of models gives its own answer with its own
interval, and they are always reported together: the lists cannot say how they depend on each other in
those whom nobody saw.
"""
