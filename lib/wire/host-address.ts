import { isIPv4, isIPv6 } from 'node:net'
import { RocketMQError } from '../errors'

/** IPv4 and its port, as stored records hold them. */
export const V4_HOST_BYTES = 8
/** IPv6 and its port. */
export const V6_HOST_BYTES = 20

const V4_BYTES = 4
const V6_BYTES = 16
const MAX_PORT = 65_535

/** `ip:port` of the 4 or 16 address bytes and 4 port bytes at `at`; `bytes` is 8 or 20. IPv6 stands in brackets. */
export function hostText(source: Buffer, at: number, bytes: number): string {
  const portAt = at + bytes - 4
  const ip = ipText(source, at, bytes - 4)
  const port = source.readUInt32BE(portAt)
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

/**
 * The address in the 4 or 16 bytes at `at`. IPv6 is lower case with its longest run of zeros cut (RFC 5952); an IPv4 address
 * mapped into IPv6 is shown as IPv4, as in Java.
 */
export function ipText(source: Buffer, at: number, bytes: number): string {
  if (bytes === V4_BYTES) return ipv4Text(source, at)
  const groups: number[] = []
  for (let i = 0; i < V6_BYTES; i += 2) groups.push(source.readUInt16BE(at + i))
  if (isMapped(groups)) return ipv4Text(source, at + V6_BYTES - V4_BYTES)
  const { start, length } = longestZeros(groups)
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map(group => group.toString(16))
      .join(':')
  return length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`
}

/**
 * The 8 or 20 bytes that stand for `ip:port`, with IPv6 in brackets.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function hostBytes(address: string): Buffer {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address)
  const port = Number(match?.[3])
  if (match === null || port > MAX_PORT) throw new RocketMQError('INVALID_ARGUMENT', `${address} is not an ip:port`)
  const ip = ipBytes(match[1] ?? match[2] ?? '')
  const bytes = Buffer.alloc(ip.length + 4)
  ip.copy(bytes)
  bytes.writeUInt32BE(port, ip.length)
  return bytes
}

/**
 * The 4 or 16 bytes of an address; an IPv4 address mapped into IPv6 gives 4, as in Java.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function ipBytes(ip: string): Buffer {
  if (isIPv4(ip)) return Buffer.from(ip.split('.').map(Number))
  if (!isIPv6(ip) || ip.includes('%')) throw new RocketMQError('INVALID_ARGUMENT', `${ip} is not an IP address`)
  const groups = ipv6Groups(ip)
  const bytes = Buffer.alloc(V6_BYTES)
  groups.forEach((group, i) => bytes.writeUInt16BE(group, i * 2))
  return isMapped(groups) ? bytes.subarray(V6_BYTES - V4_BYTES) : bytes
}

function ipv4Text(source: Buffer, at: number): string {
  return `${source[at]}.${source[at + 1]}.${source[at + 2]}.${source[at + 3]}`
}

function ipv6Groups(ip: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(ip)
  const text = dotted === null ? ip : `${dotted[1]}${pairText(dotted[2], dotted[3])}:${pairText(dotted[4], dotted[5])}`
  const [head = '', tail] = text.split('::')
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))
  const before = parse(head)
  if (tail === undefined) return before
  const after = parse(tail)
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after]
}

function pairText(high: string | undefined, low: string | undefined): string {
  return (Number(high) * 256 + Number(low)).toString(16)
}

function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every(group => group === 0)
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start++) {
    let end = start
    while (groups[end] === 0) end++
    if (end - start > best.length) best = { start, length: end - start }
  }
  return best
}
