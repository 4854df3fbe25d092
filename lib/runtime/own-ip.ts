import { networkInterfaces } from 'node:os'

const PRIVATE = /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/

/** An IPv4 address of this host that tells it from others: a public one where there is one, then a private one. */
export function ownIpv4(): string | undefined {
  const addresses = Object.values(networkInterfaces())
    .flatMap(each => each ?? [])
    .filter(each => each.family === 'IPv4' && !each.internal)
    .map(each => each.address)
  return addresses.find(address => !PRIVATE.test(address)) ?? addresses[0]
}
