/** Offsets of one group on one topic, by queue id. */
interface TopicOffsets {
  readonly committed: Map<number, number>
  /** How far the group has pulled. */
  readonly pulled: Map<number, number>
  /** Where an administrator wants it to go on; until the next pull. */
  readonly reset: Map<number, number>
}

/** How far consumer groups are (Java `ConsumerOffsetManager`). */
export class GroupOffsets {
  readonly #groups = new Map<string, Map<string, TopicOffsets>>()

  /** The offset to go on with; undefined where none is known. */
  query(group: string, topic: string, queueId: number): number | undefined {
    const offsets = this.#find(group, topic)
    return offsets?.reset.get(queueId) ?? offsets?.committed.get(queueId)
  }

  queryPulled(group: string, topic: string, queueId: number): number | undefined {
    return this.#find(group, topic)?.pulled.get(queueId) ?? this.query(group, topic, queueId)
  }

  commit(group: string, topic: string, at: { queueId: number; offset: number }): void {
    this.#of(group, topic).committed.set(at.queueId, at.offset)
  }

  commitPulled(group: string, topic: string, at: { queueId: number; offset: number }): void {
    this.#of(group, topic).pulled.set(at.queueId, at.offset)
  }

  /** Sets an offset that the next pull is told of; commits of the group are ignored until then. */
  assignReset(group: string, topic: string, at: { queueId: number; offset: number }): void {
    const offsets = this.#of(group, topic)
    offsets.reset.set(at.queueId, at.offset)
    offsets.committed.set(at.queueId, at.offset)
  }

  hasReset(group: string, topic: string, queueId: number): boolean {
    return this.#find(group, topic)?.reset.has(queueId) === true
  }

  /** The offset that a pull is to be told of, once. */
  takeReset(group: string, topic: string, queueId: number): number | undefined {
    const reset = this.#find(group, topic)?.reset
    const offset = reset?.get(queueId)
    if (offset !== undefined) reset?.delete(queueId)
    return offset
  }

  /** Topics on which the group has committed anything. */
  topicsOf(group: string): string[] {
    const topics = this.#groups.get(group) ?? new Map<string, TopicOffsets>()
    return Array.from(topics).flatMap(([topic, { committed }]) => (committed.size > 0 ? [topic] : []))
  }

  /** Groups that have committed anything on a topic. */
  groupsOf(topic: string): string[] {
    return Array.from(this.#groups).flatMap(([group, topics]) =>
      (topics.get(topic)?.committed.size ?? 0) > 0 ? [group] : [],
    )
  }

  deleteGroup(group: string): void {
    this.#groups.delete(group)
  }

  deleteTopic(topic: string): void {
    for (const topics of this.#groups.values()) topics.delete(topic)
  }

  /** A broker that restarts has kept committed offsets only. */
  forgetUnsaved(): void {
    for (const topics of this.#groups.values()) {
      for (const { pulled, reset } of topics.values()) {
        pulled.clear()
        reset.clear()
      }
    }
  }

  #find(group: string, topic: string): TopicOffsets | undefined {
    return this.#groups.get(group)?.get(topic)
  }

  #of(group: string, topic: string): TopicOffsets {
    let topics = this.#groups.get(group)
    if (topics === undefined) this.#groups.set(group, (topics = new Map<string, TopicOffsets>()))
    let offsets = topics.get(topic)
    if (offsets === undefined) {
      offsets = { committed: new Map(), pulled: new Map(), reset: new Map() }
      topics.set(topic, offsets)
    }
    return offsets
  }
}
