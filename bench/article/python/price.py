"""Prices one order: work that only computes. It is the same loop as in src/jobs/price-order.ts, with the same result."""


def price_order(number, rounds):
    state = number
    for _ in range(rounds):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
    return state
