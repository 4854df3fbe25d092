import { isDeepStrictEqual } from 'node:util'
import { FrameDecoder } from '../../../lib/wire/frame-decoder'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import type { RemotingCommand } from '../../../lib/wire/remoting-command'
import { anyCommand } from '../../support/frames'
import fc from '../../support/property'
import { damaged } from '../damaged'
import { type FuzzTarget, refusedOr } from '../fuzz-target'

/** Frames of a stream, in either form of header, however it is cut into chunks. */
export const frames: FuzzTarget = {
  name: 'frames',
  input: damaged(fc.sample(anyCommand, { numRuns: 30, seed: 2 }).map(encodeFrame)),
  read: bytes => {
    const whole = framesOf([bytes])
    const step = 1 + ((bytes[0] ?? 0) % 50)
    const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
      bytes.subarray(i * step, (i + 1) * step),
    )
    if (!isDeepStrictEqual(framesOf(chunks), whole)) throw new Error(`other frames in chunks of ${step} bytes`)
  },
}

/** Those before the first that is none. */
function framesOf(chunks: readonly Buffer[]): RemotingCommand[] {
  const found: RemotingCommand[] = []
  const decoder = new FrameDecoder(frame => found.push(frame))
  refusedOr(['PROTOCOL_ERROR'], () => chunks.forEach(chunk => decoder.push(chunk)))
  return found
}
