import fc from '../../support/property'
import { int32At } from '../../../lib/wire/int32'

describe('int32At', () => {
  it('reads what Buffer reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 12 }), fc.nat(8), (bytes, at) => {
        fc.pre(at + 4 <= bytes.length)
        expect(int32At(bytes, at)).toBe(Buffer.from(bytes).readInt32BE(at))
      }),
    )
  })
})
