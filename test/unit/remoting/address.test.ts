import fc from '../../support/property'
import { formatAddress, parseAddress } from '../../../lib/remoting/address'

describe('parseAddress', () => {
  it.each([
    ['localhost:9876', 'localhost', 9876],
    ['10.0.0.1:10911', '10.0.0.1', 10_911],
    ['broker-a.example.org:1', 'broker-a.example.org', 1],
    ['[::1]:65535', '::1', 65_535],
    ['[fe80::1%eth0]:9876', 'fe80::1%eth0', 9876],
    ['[::ffff:10.0.0.1]:9876', '::ffff:10.0.0.1', 9876],
    ['fe80::1:9876', 'fe80::1', 9876],
  ])('splits %s', (address, host, port) => {
    expect(parseAddress(address)).toEqual({ host, port })
  })

  it.each([
    '',
    'localhost',
    ':9876',
    'localhost:',
    'localhost:0',
    'localhost:65536',
    'localhost:123456',
    'localhost:-1',
    'localhost: 9876',
    'local host:9876',
    'http://localhost:9876',
    '[::1:9876',
    '[]:9876',
    'localhost:9876\n',
    'localhost:9876;other:9876',
  ])('refuses %j and says what to give', address => {
    expect(() => parseAddress(address)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: `"${address}" is no address: give host:port or [ipv6]:port`,
      }),
    )
  })

  it.each([
    ['colons', ':'.repeat(100_000)],
    ['dots and colons', '.:'.repeat(100_000)],
    ['a host', 'a'.repeat(1_000_000)],
  ])('refuses very many %s at once, and does not repeat them', (_what, text) => {
    const before = performance.now()
    try {
      parseAddress(`${text}:1`)
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(400)
    }
    // Work that grows with the square would take minutes.
    expect(performance.now() - before).toBeLessThan(20_000)
    expect.assertions(2)
  })

  it('gives back what formatAddress was given', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (each, port) => {
        expect(parseAddress(formatAddress({ host: each, port }))).toEqual({ host: each, port })
      }),
    )
  })
})

describe('formatAddress', () => {
  it('puts IPv6 hosts into brackets', () => {
    expect(formatAddress({ host: '::1', port: 1 })).toBe('[::1]:1')
    expect(formatAddress({ host: 'h', port: 1 })).toBe('h:1')
  })
})
