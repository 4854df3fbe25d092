/** Sums over the last while, kept in buckets: to add costs next to nothing, and old buckets are cleared as time passes. */
export class SlidingSums {
  readonly #columns: number
  readonly #buckets: number
  readonly #bucketMs: number
  readonly #cells: Float64Array
  /** Number of the newest bucket, counted from time 0, where it stands and when it ends. */
  #newest = 0
  #row = 0
  #endsAt = 0

  /** Sums of `columns` kinds over `buckets` of `bucketMs` milliseconds each. */
  constructor({ columns, buckets, bucketMs }: { columns: number; buckets: number; bucketMs: number }) {
    this.#columns = columns
    this.#buckets = buckets
    this.#bucketMs = bucketMs
    this.#cells = new Float64Array(columns * buckets)
  }

  /** The length of the while, ms. */
  get spanMs(): number {
    return this.#buckets * this.#bucketMs
  }

  /** @param now monotonic, ms */
  add(now: number, column: number, amount: number): void {
    if (now >= this.#endsAt) this.#advance(now)
    const at = this.#row + column
    this.#cells[at] = (this.#cells[at] as number) + amount
  }

  /** What was added to a column within the while before `now`, monotonic ms. */
  sum(now: number, column: number): number {
    if (now >= this.#endsAt) this.#advance(now)
    let sum = 0
    for (let at = column; at < this.#cells.length; at += this.#columns) sum += this.#cells[at] as number
    return sum
  }

  #advance(now: number): void {
    const bucket = Math.floor(now / this.#bucketMs)
    const passed = Math.min(bucket - this.#newest, this.#buckets)
    for (let i = 0; i < passed; i++) {
      const row = this.#rowOf(bucket - i)
      this.#cells.fill(0, row, row + this.#columns)
    }
    this.#newest = bucket
    this.#row = this.#rowOf(bucket)
    this.#endsAt = (bucket + 1) * this.#bucketMs
  }

  #rowOf(bucket: number): number {
    return (bucket % this.#buckets) * this.#columns
  }
}
