import { RECORD } from '../../wire/record-layout'

const SLAB_BYTES = 8 * 1024 * 1024
/** Size, magic and what follows up to the record's own commit-log offset. */
const MIN_RECORD_BYTES = RECORD.COMMIT_LOG_OFFSET + 8

interface Slab {
  /** Commit-log offset of its first byte. */
  readonly start: number
  readonly bytes: Buffer
  used: number
}

export interface CommitLogOptions {
  /** Memory for records; the oldest slab goes when another would pass it. */
  readonly maxBytes: number
  /** Called after the oldest records were dropped. */
  readonly onDropped: () => void
  /** Default 8 MiB. */
  readonly slabBytes?: number
}

/** All stored records of a broker, one behind the other in slabs of memory that are never written twice. */
export class CommitLog {
  readonly #options: CommitLogOptions
  readonly #slabBytes: number
  #slabs: Slab[] = []
  #heldBytes = 0

  constructor(options: CommitLogOptions) {
    this.#options = options
    this.#slabBytes = options.slabBytes ?? SLAB_BYTES
  }

  /** Offset of the oldest record that is still there. */
  get minOffset(): number {
    return this.#slabs[0]?.start ?? 0
  }

  /** Offset that the next record gets. */
  get endOffset(): number {
    const last = this.#slabs.at(-1)
    return last === undefined ? 0 : last.start + last.used
  }

  /** Appends records that lie back to back and belong together: they are dropped together too. */
  append(records: Uint8Array): void {
    let slab = this.#slabs.at(-1)
    if (slab === undefined || slab.used + records.length > slab.bytes.length) slab = this.#addSlab(records.length)
    slab.bytes.set(records, slab.used)
    slab.used += records.length
  }

  /** The bytes from `offset` on; undefined where they were dropped, were never there or do not lie in one slab. */
  read(offset: number, size: number): Buffer | undefined {
    const slab = this.#slabOf(offset)
    if (slab === undefined) return undefined
    const at = offset - slab.start
    return at + size > slab.used ? undefined : slab.bytes.subarray(at, at + size)
  }

  /** The whole record that starts at `offset`; undefined where none does. */
  readRecord(offset: number): Buffer | undefined {
    const head = this.read(offset, MIN_RECORD_BYTES)
    if (head === undefined) return undefined
    const own = head.readInt32BE(RECORD.COMMIT_LOG_OFFSET) * 2 ** 32 + head.readUInt32BE(RECORD.COMMIT_LOG_OFFSET + 4)
    const size = head.readInt32BE(0)
    return own === offset && size >= MIN_RECORD_BYTES ? this.read(offset, size) : undefined
  }

  /** The records from `offset` up to the end of its slab; empty at the end of the log. */
  readSlab(offset: number): Buffer | undefined {
    const slab = this.#slabOf(offset)
    return slab?.bytes.subarray(offset - slab.start, slab.used)
  }

  #addSlab(leastBytes: number): Slab {
    const start = this.endOffset
    const bytes = Math.max(this.#slabBytes, leastBytes)
    const dropped = this.#makeRoom(bytes)
    const slab = { start, bytes: Buffer.allocUnsafeSlow(bytes), used: 0 }
    this.#slabs.push(slab)
    this.#heldBytes += bytes
    if (dropped) this.#options.onDropped()
    return slab
  }

  /** The newest slab stays whatever the limit, so that what was stored last can be read. */
  #makeRoom(bytes: number): boolean {
    let dropped = false
    while (this.#slabs.length > 1 && this.#heldBytes + bytes > this.#options.maxBytes) {
      this.#heldBytes -= (this.#slabs.shift() as Slab).bytes.length
      dropped = true
    }
    return dropped
  }

  #slabOf(offset: number): Slab | undefined {
    const last = this.#slabs.at(-1)
    if (last === undefined || !(offset >= this.minOffset) || offset >= last.start + last.used) return undefined
    if (offset >= last.start) return last
    let low = 0
    let high = this.#slabs.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#slabs[middle] as Slab).start <= offset) low = middle
      else high = middle - 1
    }
    return this.#slabs[low]
  }
}
