import * as os from 'node:os'
import { ownIpv4 } from '../../../lib/runtime/own-ip'

jest.mock('node:os', () => ({ networkInterfaces: jest.fn() }))

function onHostWith(...addresses: string[]): string | undefined {
  const entries = addresses.map(address => ({
    address,
    family: address.includes(':') ? 'IPv6' : 'IPv4',
    internal: address.startsWith('127.'),
  }))
  jest.mocked(os.networkInterfaces).mockReturnValue({ all: entries as os.NetworkInterfaceInfo[], none: undefined })
  return ownIpv4()
}

describe('ownIpv4', () => {
  it('prefers an address that is not private', () => {
    expect(onHostWith('127.0.0.1', '10.0.0.7', '192.168.1.2', '172.16.0.1', '8.8.4.4')).toBe('8.8.4.4')
    expect(onHostWith('172.31.255.255', '172.32.0.1')).toBe('172.32.0.1')
  })

  it('takes the first private one where there is no other', () => {
    expect(onHostWith('127.0.0.1', 'fe80::1', '10.0.0.7', '192.168.1.2')).toBe('10.0.0.7')
  })

  it('has none where there is only the loopback', () => {
    expect(onHostWith('127.0.0.1', '::1')).toBeUndefined()
  })
})
