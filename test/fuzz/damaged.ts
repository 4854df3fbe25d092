import fc from '../support/property'

const bytes = (maxLength: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength }).map(some => Buffer.from(some))

/** Numbers of 4 bytes at which lengths go wrong. */
const int32 = fc
  .oneof(fc.constantFrom(0, 1, -1, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, -0x8000_0000), fc.integer())
  .map(value => {
    const four = Buffer.alloc(4)
    four.writeInt32BE(value)
    return four
  })

interface Damage {
  /** Where, in thousandths of the length. */
  readonly at: number
  /** So many bytes are taken out there. */
  readonly out: number
  /** These are put in. */
  readonly in: Buffer
}

/** Bytes changed, taken out, put in or cut off. */
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(999),
  out: fc.oneof(fc.nat(4), fc.nat(40), fc.constant(Infinity)),
  in: fc.oneof(bytes(1), int32, bytes(20)),
})

function withDamage(whole: Buffer, { at, out, in: put }: Damage): Buffer {
  const from = Math.floor((at * whole.length) / 1000)
  return Buffer.concat([whole.subarray(0, from), put, whole.subarray(Math.min(whole.length, from + out))])
}

/** One to three of the samples, some of them whole, others damaged, and noise. */
export function damaged(samples: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const sample = fc.constantFrom(...samples)
  const wrong = fc.tuple(sample, fc.array(damage, { minLength: 1, maxLength: 3 })).map(([whole, all]) => {
    return all.reduce(withDamage, whole)
  })
  const part = fc.oneof({ weight: 6, arbitrary: wrong }, { weight: 2, arbitrary: sample }, bytes(100))
  return fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => Buffer.concat(parts))
}

/** Words of a language in any order, most of it nonsense. */
export function wordsOf(words: readonly string[]): fc.Arbitrary<Buffer> {
  const word = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...words) },
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  return fc.array(word, { maxLength: 40 }).map(parts => Buffer.from(parts.join('')))
}
