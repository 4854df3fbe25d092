import { RocketMQError } from '../errors'

/** An address in its parts; IPv6 hosts have no brackets here. */
export interface HostPort {
  /** Name or address; IPv6 without brackets. */
  readonly host: string
  /** 0 to 65535. */
  readonly port: number
}

const ADDRESS = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^\s:/[\]]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)):(\d{1,5})$/

/** No host name and no IPv6 address with its zone is longer; routes may hold anything. */
const MAX_LENGTH = 300

/**
 * Splits `host:port` or `[ipv6]:port`.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function parseAddress(address: string): HostPort {
  const match = address.length > MAX_LENGTH ? null : ADDRESS.exec(address)
  const port = Number(match?.[3])
  const host = match?.[1] ?? match?.[2]
  if (host === undefined || !(port > 0 && port < 65_536)) {
    const shown = address.slice(0, MAX_LENGTH)
    throw new RocketMQError('INVALID_ARGUMENT', `"${shown}" is no address: give host:port or [ipv6]:port`)
  }
  return { host, port }
}

/** The text form of an address, IPv6 hosts in brackets. */
export function formatAddress({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
