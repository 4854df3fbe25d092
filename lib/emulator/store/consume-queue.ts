const CHUNK = 1024

/** One chunk of a queue's index, a column per field. */
interface Chunk {
  readonly positions: Float64Array
  readonly sizes: Int32Array
  readonly tagsCodes: Int32Array
  readonly storeTimes: Float64Array
}

/** Index of one queue of a topic: for each queue offset where its record lies, its tag's hash and its time. */
export class ConsumeQueue {
  readonly topic: string
  readonly queueId: number
  /** By number, starting with `#firstChunk`. */
  #chunks: Chunk[] = []
  #firstChunk = 0
  #minOffset = 0
  #maxOffset = 0

  constructor(topic: string, queueId: number) {
    this.topic = topic
    this.queueId = queueId
  }

  /** Offset of the oldest message. */
  get minOffset(): number {
    return this.#minOffset
  }

  /** Offset that the next message gets. */
  get maxOffset(): number {
    return this.#maxOffset
  }

  append(position: number, entry: { size: number; tagsCode: number; storeTime: number }): void {
    const slot = this.#maxOffset % CHUNK
    if (slot === 0) this.#chunks.push(newChunk())
    const chunk = this.#chunks[this.#chunks.length - 1] as Chunk
    chunk.positions[slot] = position
    chunk.sizes[slot] = entry.size
    chunk.tagsCodes[slot] = entry.tagsCode
    chunk.storeTimes[slot] = entry.storeTime
    this.#maxOffset++
  }

  /** Commit-log offset of a message; the offset must lie between `minOffset` and `maxOffset`, as for those below. */
  positionOf(offset: number): number {
    return this.#chunkOf(offset).positions[offset % CHUNK] as number
  }

  /** Bytes of its record. */
  sizeOf(offset: number): number {
    return this.#chunkOf(offset).sizes[offset % CHUNK] as number
  }

  /** Java hash of its tags, 0 without tags. */
  tagsCodeOf(offset: number): number {
    return this.#chunkOf(offset).tagsCodes[offset % CHUNK] as number
  }

  /** Milliseconds since 1970 UTC. */
  storeTimeOf(offset: number): number {
    return this.#chunkOf(offset).storeTimes[offset % CHUNK] as number
  }

  /** Forgets messages whose records lie before `minPosition` of the commit log. */
  dropBefore(minPosition: number): void {
    while (this.#minOffset < this.#maxOffset && this.positionOf(this.#minOffset) < minPosition) {
      this.#minOffset++
      if (this.#minOffset % CHUNK !== 0) continue
      this.#chunks.shift()
      this.#firstChunk++
    }
  }

  #chunkOf(offset: number): Chunk {
    return this.#chunks[Math.floor(offset / CHUNK) - this.#firstChunk] as Chunk
  }
}

function newChunk(): Chunk {
  return {
    positions: new Float64Array(CHUNK),
    sizes: new Int32Array(CHUNK),
    tagsCodes: new Int32Array(CHUNK),
    storeTimes: new Float64Array(CHUNK),
  }
}
