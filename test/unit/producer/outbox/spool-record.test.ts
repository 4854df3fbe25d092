import { decodeRecord, encodeRecord, scanRecords } from '../../../../lib/producer/outbox/spool-record'
import fc from '../../../support/property'
import { spooled } from '../../../support/spool-setup'

let checked = 0
jest.mock('../../../../lib/wire/crc32', () => {
  const { crc32 } = jest.requireActual<{ crc32: (bytes: Uint8Array) => number }>('../../../../lib/wire/crc32')
  return {
    crc32(bytes: Uint8Array): number {
      checked += bytes.length
      return crc32(bytes)
    },
  }
})

const message = fc
  .record({
    msgId: fc.string(),
    topic: fc.string(),
    properties: fc.string(),
    body: fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
    flag: fc.integer(),
    maybeSent: fc.boolean(),
    shardingKey: fc.option(fc.string(), { nil: undefined }),
    queue: fc.option(fc.record({ brokerName: fc.string(), queueId: fc.nat() }), { nil: undefined }),
  })
  .map(spooled)

describe('records of a spool', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), messages => {
        const { records, end, damagedBytes } = scanRecords(Buffer.concat(messages.map(encodeRecord)))
        const all = Buffer.concat(messages.map(encodeRecord)).length
        expect(records.map(each => each.message)).toEqual(messages)
        expect([end, damagedBytes]).toEqual([all, 0])
      }),
    )
  })

  it('are all there but the last one, wherever that is cut off', () => {
    const whole = encodeRecord(spooled({ msgId: 'whole' }))
    const last = encodeRecord(spooled({ msgId: 'last' }))
    for (let cut = 0; cut < last.length; cut++) {
      const { records, end, damagedBytes } = scanRecords(Buffer.concat([whole, last.subarray(0, cut)]))
      expect([records.length, end, damagedBytes]).toEqual([1, whole.length, 0])
    }
  })

  it('are found behind one of which any byte is changed', () => {
    const [first, bad, last] = ['first', 'bad', 'last'].map(msgId => encodeRecord(spooled({ msgId }))) as [
      Buffer,
      Buffer,
      Buffer,
    ]
    for (let at = 0; at < bad.length; at++) {
      const changed = Buffer.from(bad)
      changed.writeUInt8(changed.readUInt8(at) ^ 0x55, at)
      const { records, damagedBytes } = scanRecords(Buffer.concat([first, changed, last]))
      expect(records.map(each => each.message.msgId)).toEqual(['first', 'last'])
      expect(damagedBytes).toBe(bad.length)
    }
  })

  it('are looked for in a time by the length, whatever stands in a damaged one', () => {
    const body = Buffer.alloc(160_000, Buffer.from('RWOB\0\0\0\0\0\0\0\0\0\0\0\0'))
    for (let at = 0; at < body.length; at += 16) body.writeUInt32BE(body.length - at - 16, at + 4)
    const bad = encodeRecord(spooled({ body }))
    bad.writeUInt8(0, 8)
    bad.writeUInt8(0, 9)
    const source = Buffer.concat([encodeRecord(spooled({ msgId: 'first' })), bad])
    checked = 0
    const { records } = scanRecords(source)
    expect(records.map(each => each.message.msgId)).toEqual(['first'])
    expect(checked).toBeGreaterThan(0)
    expect(checked).toBeLessThan(20 * source.length)
  })

  it('are none in bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        const source = Buffer.concat([Buffer.from('RWOB'), Buffer.from(bytes)])
        expect(scanRecords(source).records).toEqual([])
        expect(decodeRecord(source)).toBeUndefined()
      }),
    )
  })
})
