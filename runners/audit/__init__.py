"""Proofs about histories: unbroken chains, states that equal their histories, decisions that come out the same again."""
