import { RocketMQError } from '../errors'

export interface HostPort {
  readonly host: string
  readonly port: number
}

/**
 * Splits `host:port` or `[ipv6]:port`.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function parseAddress(address: string): HostPort {
  const match = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^\s:/]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)):(\d{1,5})$/.exec(address)
  const port = Number(match?.[3])
  const host = match?.[1] ?? match?.[2]
  if (host === undefined || !(port > 0 && port < 65_536)) {
    throw new RocketMQError('INVALID_ARGUMENT', `"${address}" is no address: give host:port or [ipv6]:port`)
  }
  return { host, port }
}

/** The text form of an address, IPv6 hosts in brackets. */
export function formatAddress({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
