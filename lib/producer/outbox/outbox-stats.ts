/** What an outbox holds, and what became of what it held. */
export interface OutboxStats {
  /** Messages that wait on the disk for a broker. */
  readonly spooled: number
  /** Bytes of its files, rejected messages included. */
  readonly bytes: number
  /** Messages that waited and that a broker has acknowledged since `start`. */
  readonly replayed: number
  /** Messages that were put aside since `start`, as brokers refused them. */
  readonly rejected: number
  /** How long the oldest one waits, ms; undefined where none does. */
  readonly oldestAgeMs: number | undefined
}
