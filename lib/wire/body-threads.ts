import { availableParallelism } from 'node:os'

/** One core stays for the event loop. */
const CORES = Math.max(1, availableParallelism() - 1)

/**
 * Threads that may work on bodies at a time, of all clients together: our own for the codecs that are written in JavaScript,
 * those of libuv for the others. Each is bounded by itself, as a process uses one kind as a rule.
 */
export const BODY_THREADS = { own: Math.min(2, CORES), libuv: Math.min(4, CORES) } as const
