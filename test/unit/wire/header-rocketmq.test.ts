import fc from '../../support/property'
import { readRocketmqHeader, rocketmqHeaderBound, writeRocketmqHeader } from '../../../lib/wire/header-rocketmq'
import type { OutgoingCommand } from '../../../lib/wire/remoting-command'
import { anyCommand } from '../../support/frames'

function roundTrip(command: OutgoingCommand) {
  const target = Buffer.alloc(rocketmqHeaderBound(command) + 3)
  const end = writeRocketmqHeader(command, target, 3)
  return readRocketmqHeader(target, 3, end)
}

describe('the binary header', () => {
  it('carries any command, within the bound that was told', () => {
    fc.assert(
      fc.property(anyCommand, command => {
        const { code, language, version, opaque, flag, remark, extFields } = command
        expect(roundTrip(command)).toEqual({ code, language, version, opaque, flag, remark, extFields })
      }),
    )
  })

  it('cuts codes to 16 bits, tells no empty text from null, and leaves nulls out, as Java does', () => {
    const read = roundTrip({
      code: 200_050,
      language: 'JAVA',
      version: 1,
      opaque: 1,
      flag: 0,
      remark: '',
      extFields: { a: '', b: null, c: 'x' },
      serializeType: 'ROCKETMQ',
    })
    expect(read).toMatchObject({ code: 3442, remark: undefined })
    expect({ ...read.extFields }).toEqual({ a: null, c: 'x' })
  })

  it('knows no language behind a strange number', () => {
    const target = Buffer.alloc(21)
    target[2] = 200
    expect(readRocketmqHeader(target, 0, 21).language).toBeUndefined()
  })
})
