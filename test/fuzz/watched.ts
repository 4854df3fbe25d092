import { writeSync } from 'node:fs'
import type { FuzzTarget } from './fuzz-target'

const LENGTH_BYTES = 4
/** Time of the processor for one input of some hundred bytes, and what it may leave outside of the heap. */
const MAX_CPU_MS = 1000
const MAX_BUFFER_BYTES = 64 * 1_048_576

/**
 * The target, with each input written down before it is read, so that it is known where reading it never ends or ends the
 * process; what takes too long or too much memory fails.
 */
export function watched(target: FuzzTarget, file: number): FuzzTarget {
  return {
    ...target,
    read: async bytes => {
      const length = Buffer.alloc(LENGTH_BYTES)
      length.writeUInt32BE(bytes.length)
      writeSync(file, Buffer.concat([length, bytes]), 0, LENGTH_BYTES + bytes.length, 0)
      const { arrayBuffers } = process.memoryUsage()
      const began = process.cpuUsage()
      await target.read(bytes)
      const { user, system } = process.cpuUsage(began)
      const cpuMs = (user + system) / 1000
      if (cpuMs > MAX_CPU_MS) throw new Error(`reading ${bytes.length} bytes took ${Math.round(cpuMs)} ms`)
      const grown = process.memoryUsage().arrayBuffers - arrayBuffers
      if (grown > MAX_BUFFER_BYTES) throw new Error(`reading ${bytes.length} bytes took ${grown} bytes of memory`)
    },
  }
}

/** The input that was written down last. */
export function lastInput(file: Buffer): Buffer {
  return file.length < LENGTH_BYTES ? file : file.subarray(LENGTH_BYTES, LENGTH_BYTES + file.readUInt32BE(0))
}
