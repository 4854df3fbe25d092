import { encodeBatchBody } from '../../../lib/wire/batch-body'
import { compress } from '../../../lib/wire/compression'
import { openBodies, openInPart } from '../../../lib/wire/open-bodies'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { encodeLz4Frame } from '../../support/lz4-encoder'
import { storedMessage } from '../../support/records'

const COMPRESSED = 1
const LZ4 = 0x101
const ZSTD = 0x201
const ZLIB = 0x301
const INNER_BATCH = 0xc0

const texts = (messages: readonly StoredMessage[]): string[] => messages.map(message => message.text())

describe('openBodies', () => {
  it('returns the same array, and no promise, where there is nothing to open', () => {
    const messages = [storedMessage(), storedMessage({ sysFlag: 0x300 }), storedMessage({ sysFlag: 0x80 })]
    expect(openBodies(messages)).toBe(messages)
  })

  it('inflates bodies of every kind and clears the bit that says so', async () => {
    const messages = await openBodies([
      storedMessage({ sysFlag: COMPRESSED, body: await compress(Buffer.from('old'), 5) }),
      storedMessage({ sysFlag: ZLIB, body: await compress(Buffer.from('zlib'), 5) }),
      storedMessage({ sysFlag: LZ4, body: encodeLz4Frame(Buffer.from('lz4')) }),
      storedMessage({ sysFlag: ZSTD, body: Buffer.from('28b52ffd005844000010616101001ec002010000', 'hex') }),
      storedMessage(),
    ])
    expect(texts(messages)).toEqual(['old', 'zlib', 'lz4', 'a'.repeat(20), 'hello'])
    expect(messages.map(message => message.sysFlag)).toEqual([0, 0x300, 0x100, 0x200, 0])
    expect(messages.every(message => message.unreadable === undefined)).toBe(true)
  })

  it('puts the messages of an inner batch in its place, inflated before', async () => {
    const body = encodeBatchBody(['a', 'b'].map(text => ({ flag: 0, body: Buffer.from(text), properties: '' })))
    const messages = await openBodies([
      storedMessage({ queueOffset: 1, body: Buffer.from('before') }),
      storedMessage({ queueOffset: 2, sysFlag: INNER_BATCH, body }),
      storedMessage({ queueOffset: 4, sysFlag: INNER_BATCH | ZLIB, body: await compress(body, 5) }),
      storedMessage({ queueOffset: 6, body: Buffer.from('after') }),
    ])
    expect(texts(messages)).toEqual(['before', 'a', 'b', 'a', 'b', 'after'])
    expect(messages.map(message => message.queueOffset)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('keeps what cannot be opened in its place, with the reason and its cause', async () => {
    const messages = await openBodies([
      storedMessage({ queueOffset: 1, sysFlag: ZLIB, body: Buffer.from('no zlib') }),
      storedMessage({ queueOffset: 2, sysFlag: LZ4, body: Buffer.from('no lz4') }),
      storedMessage({ queueOffset: 3, sysFlag: ZSTD, body: Buffer.from('no zstd') }),
      storedMessage({ queueOffset: 4, sysFlag: 0x401, body: Buffer.from('unknown') }),
      storedMessage({ queueOffset: 5, sysFlag: INNER_BATCH, body: Buffer.from('no batch') }),
      storedMessage({ queueOffset: 6 }),
    ])
    expect(messages.map(message => message.queueOffset)).toEqual([1, 2, 3, 4, 5, 6])
    expect(messages.map(message => message.unreadable?.code)).toEqual([
      ...Array<string>(5).fill('MESSAGE_UNREADABLE'),
      undefined,
    ])
    expect(messages.slice(0, 5).every(message => message.unreadable?.cause !== undefined)).toBe(true)
    expect(messages[0]).toMatchObject({ sysFlag: ZLIB, unreadable: { topic: 'Orders', brokerName: 'broker-a' } })
    expect(messages[0]?.text()).toBe('no zlib')
    expect(messages[3]?.unreadable?.message).toMatch(/compression type is not known/)
  })

  it('caps what may come out', async () => {
    const bomb = await compress(Buffer.alloc(17_000_000), 9)
    const [capped] = await openBodies([storedMessage({ sysFlag: ZLIB, body: bomb })])
    expect(capped?.unreadable?.message).toMatch(/more than 16777216 bytes/)
    const [small] = await openBodies([storedMessage({ sysFlag: ZLIB, body: await compress(Buffer.alloc(11), 9) })], {
      maxBodyBytes: 10,
    })
    expect(small?.unreadable?.message).toMatch(/more than 10 bytes/)
  })

  it('leaves an empty body alone, as Java does', async () => {
    const messages = [storedMessage({ sysFlag: ZLIB, body: Buffer.alloc(0) })]
    expect(openBodies(messages)).toBe(messages)
    expect(messages[0]).toMatchObject({ sysFlag: ZLIB, unreadable: undefined })
  })

  it('opens more messages than it opens at a time', async () => {
    const body = await compress(Buffer.from('x'), 5)
    const messages = await openBodies(
      Array.from({ length: 50 }, (_, queueOffset) => storedMessage({ queueOffset, sysFlag: ZLIB, body })),
    )
    expect(messages.map(message => message.queueOffset)).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(new Set(texts(messages))).toEqual(new Set(['x']))
  })
})

describe('openInPart', () => {
  const bombs = async (count: number): Promise<StoredMessage[]> => {
    const body = await compress(Buffer.alloc(1000), 9)
    return Array.from({ length: count }, (_, queueOffset) => storedMessage({ queueOffset, sysFlag: ZLIB, body }))
  }

  it('returns the same array, and no promise, where there is nothing to open', () => {
    const messages = [storedMessage(), storedMessage({ sysFlag: 0x300 })]
    const opened = openInPart(messages)
    expect(opened).toEqual({ messages, rest: [] })
    expect((opened as { messages: unknown }).messages).toBe(messages)
  })

  it('opens all of what does not come to too much', async () => {
    const messages = await bombs(5)
    expect(await openInPart(messages)).toEqual({ messages, rest: [] })
  })

  it('leaves the end of what would, in order and as it came', async () => {
    const messages = await bombs(30)
    messages.push(storedMessage({ queueOffset: 30 }))
    const { messages: opened, rest } = await openInPart(messages, { maxTotalBytes: 5000 })
    expect([...opened, ...rest].map(({ queueOffset }) => queueOffset)).toEqual(Array.from({ length: 31 }, (_, i) => i))
    // Those that are opened at a time may all be begun before the first one is counted.
    expect(opened.length).toBeGreaterThanOrEqual(5)
    expect(opened.length).toBeLessThanOrEqual(8)
    expect(opened.every(({ body, unreadable }) => body.length === 1000 && unreadable === undefined)).toBe(true)
    expect(rest.every(({ body, unreadable }) => body.length < 1000 && unreadable === undefined)).toBe(true)
  })

  it('opens at least one', async () => {
    const { messages } = await openInPart(await bombs(1), { maxTotalBytes: 1 })
    expect(messages).toHaveLength(1)
  })

  it('leaves what it cannot give in part unreadable where all was asked for', async () => {
    const messages = [...(await bombs(20)), storedMessage({ queueOffset: 20 })]
    const opened = await openBodies(messages, { maxTotalBytes: 3000 })
    expect(opened).toHaveLength(21)
    expect(opened[0]?.unreadable).toBeUndefined()
    expect(opened[19]?.unreadable).toMatchObject({
      code: 'MESSAGE_UNREADABLE',
      message: expect.stringMatching(/those before it inflated to too much/),
    })
    expect(opened[20]?.unreadable).toBeUndefined()
  })
})
