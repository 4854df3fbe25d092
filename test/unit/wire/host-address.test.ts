import fc from '../../support/property'
import { isIPv6 } from 'node:net'
import { hostBytes, hostText, ipBytes, ipText } from '../../../lib/wire/host-address'

describe('host addresses', () => {
  it.each([
    ['127.0.0.1:10911', 8],
    ['255.255.255.255:65535', 8],
    ['[::1]:9876', 20],
    ['[::]:0', 20],
    ['[2001:db8::ff00:42:8329]:80', 20],
    ['[fe80::1:0:0:1]:1', 20],
    ['[1:2:3:4:5:6:7:8]:1', 20],
  ])('%s is written to %i bytes and read back', (address, bytes) => {
    const written = hostBytes(address)
    expect(written).toHaveLength(bytes)
    expect(hostText(Buffer.concat([Buffer.alloc(2), written]), 2, bytes)).toBe(address)
  })

  it.each([
    ['2001:0DB8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1::', '1::'],
    ['::1.2.3.4', '::102:304'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ])('%s is shortened to %s, as RFC 5952 wants it', (given, text) => {
    expect(ipText(ipBytes(given), 0, 16)).toBe(text)
  })

  it('shows an IPv4 address mapped into IPv6 as IPv4, and writes it so, as Java does', () => {
    expect(ipBytes('::ffff:10.1.2.3')).toEqual(Buffer.from([10, 1, 2, 3]))
    expect(hostText(Buffer.from('00000000000000000000ffff0a01020300002a9f', 'hex'), 0, 20)).toBe('10.1.2.3:10911')
  })

  it('gives text for any 16 bytes that Node takes for the same address', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 0xff), { minLength: 16, maxLength: 16 }), bytes => {
        const text = ipText(Buffer.from(bytes), 0, 16)
        if (!text.includes(':')) return
        expect(isIPv6(text)).toBe(true)
        expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`)
        expect([...ipBytes(text)]).toEqual(bytes)
      }),
    )
  })

  it.each([
    '127.0.0.1',
    '127.0.0.1:70000',
    '127.0.0.1:x',
    'localhost:80',
    '::1:80',
    '[::1]',
    '[fe80::1%eth0]:1',
    '[1.2.3.4:80',
    '300.1.1.1:1',
    '',
  ])('refuses %j', address => {
    expect(() => hostBytes(address)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
