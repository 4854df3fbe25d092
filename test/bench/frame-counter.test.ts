import fc from '../support/property'
import { FrameCounter } from '../../bench/drivers/ceiling/bare-socket'

interface Told {
  readonly first: number
  readonly bodyBytes: number
}

function frame(headerBytes: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + headerBytes + body.length, 0)
  head.writeInt32BE(headerBytes, 4)
  return Buffer.concat([head, Buffer.alloc(headerBytes, '.'), body])
}

/** What the counter tells of a stream that comes in pieces cut at these places. */
function count(stream: Buffer, cuts: readonly number[]): Told[] {
  const told: Told[] = []
  const counter = new FrameCounter((chunk, bodyStart, bodyBytes) => {
    told.push({ first: bodyBytes === 0 ? 0 : chunk.readInt32BE(bodyStart), bodyBytes })
  })
  const places = [0, ...cuts.map(cut => cut % stream.length).sort((a, b) => a - b), stream.length]
  places.slice(1).forEach((end, i) => counter.push(stream.subarray(places[i], end)))
  return told
}

describe('FrameCounter', () => {
  it('tells every frame once with its body, wherever the stream is cut', () => {
    const sizes = fc.record({ headerBytes: fc.integer({ min: 0, max: 40 }), bodyBytes: fc.nat(60) })
    fc.assert(
      fc.property(
        fc.array(sizes, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (all, cuts) => {
          const bodies = all.map(({ bodyBytes }, i) => Buffer.alloc(bodyBytes < 16 ? 0 : bodyBytes, i + 1))
          const stream = Buffer.concat(bodies.map((body, i) => frame(all[i]?.headerBytes ?? 0, body)))
          expect(count(stream, cuts)).toEqual(
            bodies.map(body => ({ first: body.length === 0 ? 0 : body.readInt32BE(0), bodyBytes: body.length })),
          )
        },
      ),
    )
  })
})
