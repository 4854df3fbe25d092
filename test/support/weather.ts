import type { RemotingCommand } from '../../lib/wire/remoting-command'

/** Which way bytes go. */
export type Direction = 'requests' | 'replies'

/** How slowly bytes get through, each way. */
export interface Pace {
  /** Each chunk is under way so long, ms; none overtakes another. */
  readonly delayMs?: () => number
  /** No more than so many bytes are written at a time. */
  readonly pieceBytes?: number
  readonly bytesPerSecond?: number
}

/** What happens to bytes between a client and its servers. It may be changed while they flow. */
export interface Weather {
  pace?: Pace | undefined
  /** The connection that carries so many bytes more this way is reset right there. */
  cut?: { readonly direction: Direction; readonly afterBytes: number } | undefined
  /** What becomes of each answer, as a whole frame; for connections that are made while it is set. */
  replies?: ((frame: Buffer) => readonly Buffer[]) | undefined
  /** Told of each request; for connections that are made while it is set. */
  onRequest?: ((request: RemotingCommand) => void) | undefined
}
