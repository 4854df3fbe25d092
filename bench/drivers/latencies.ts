/** Durations of one round. */
export class Latencies {
  readonly #ms: number[] = []

  add(ms: number): void {
    this.#ms.push(ms)
  }

  /** The middle one, and the one that only one in a hundred exceeds, ms. */
  summary(): { p50: number; p99: number } {
    const sorted = this.#ms.sort((a, b) => a - b)
    const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
    return { p50: at(0.5), p99: at(0.99) }
  }
}
